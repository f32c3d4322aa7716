// Tables whose rows can be sorted by any column, with the mouse or the keyboard.
import { element } from "../../js/view/dom.js";

const STATES = { none: "ascending", ascending: "descending", descending: "ascending" };

// Rows without a value come last, whichever way.
function compare(a, b, sign) {
  const is_missing = (value) => value === null || value === undefined;
  if (is_missing(a) || is_missing(b)) return is_missing(a) - is_missing(b);
  if (typeof a === "string") return sign * a.localeCompare(b, "en");
  return sign * (a - b);
}

function cellOf(column, row) {
  const content = column.show(row);
  const parts = Array.isArray(content) ? content : [content];
  if (column.is_head) return element("th", { scope: "row" }, ...parts);
  const classes = column.is_text ? "text" : "number";
  return element("td", { class: classes }, ...parts);
}

// columns: {head, note, show(row), value(row), is_text, is_head}; `show` gives a text or nodes. Can
// be sorted by the columns that have `value`.
export function table({ caption, columns, rows, label = caption, className = "" }) {
  const made = rows.map((row) => ({
    row,
    line: element("tr", {}, ...columns.map((column) => cellOf(column, row))),
  }));
  const body = element("tbody", {}, ...made.map(({ line }) => line));
  const heads = columns.map((column) => headOf(column, () => sortBy(column)));

  function sortBy(column) {
    const head = heads[columns.indexOf(column)];
    const state = STATES[head.getAttribute("aria-sort")];
    for (const other of heads) {
      if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
    }
    head.setAttribute("aria-sort", state);
    const sign = state === "ascending" ? 1 : -1;
    const sorted = [...made].sort((a, b) =>
      compare(column.value(a.row), column.value(b.row), sign),
    );
    body.append(...sorted.map(({ line }) => line));
  }

  const root = element(
    "table",
    { class: className },
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...heads)),
    body,
  );
  return element(
    "div",
    { class: "scroller", role: "region", "aria-label": label, tabindex: "0" },
    root,
  );
}

function headOf({ head, note, value, is_text, is_head }, sort) {
  const classes = is_text || is_head ? "text" : "number";
  const small = note ? [element("small", {}, note)] : [];
  if (!value) return element("th", { scope: "col", class: classes }, head, ...small);
  const button = element("button", { type: "button", onclick: sort }, head, ...small);
  return element("th", { scope: "col", class: classes, "aria-sort": "none" }, button);
}
