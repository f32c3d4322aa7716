// A map as a table, with a frame for the window. Cells may be fields; among these the arrow keys
// move, as in a spreadsheet, and only one of them is a stop of the tab key.
import { cellNumber } from "../numbers.js";
import { element, setText } from "./dom.js";

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class GridTable {
  // onEdit(y, x, text) says whether the text is a number.
  constructor({ name, onEdit = null }) {
    this.name = name;
    this.onEdit = onEdit;
    this.caption = element("span");
    this.head = element("tr");
    this.body = element("tbody");
    this.frame = element("div", { class: "frame", hidden: "" });
    this.table = element(
      "table",
      { class: "map" },
      element("caption", {}, this.caption),
      element("thead", {}, this.head),
      this.body,
    );
    this.root = element("div", { class: `grid ${name}` }, this.table, this.frame);
    this.cells = new Map();
    this.signature = "";
    this.window = null;
    this.focused = "0,0";
  }

  // rows, columns: {begin, end}. look(y, x) says how a cell looks: {text, note, classes, tint,
  // field, label, exact}; `exact` is the number with all its digits, kept as data-exact. frame: positions {top, bottom, left, right}, both ends included, or null.
  update({ caption, rows, columns, look, frame = null }) {
    setText(this.caption, caption);
    const looks = [];
    for (let y = rows.begin; y < rows.end; ++y) {
      for (let x = columns.begin; x < columns.end; ++x) looks.push([y, x, look(y, x)]);
    }
    const fields = looks.map((entry) => (entry[2].field === undefined ? "." : "f")).join("");
    const signature = [rows.begin, rows.end, columns.begin, columns.end, fields].join();
    if (signature !== this.signature) this.#build(rows, columns, looks);
    this.signature = signature;
    for (const [y, x, cell] of looks) this.#show(y, x, cell);
    this.window = frame;
    this.placeFrame();
  }

  cellAt(y, x) {
    return this.cells.get(`${y},${x}`)?.cell;
  }

  #build(rows, columns, looks) {
    this.cells.clear();
    const heads = [element("td", { class: "corner" })];
    for (let x = columns.begin; x < columns.end; ++x) {
      heads.push(element("th", { scope: "col" }, cellNumber(x)));
    }
    this.head.replaceChildren(...heads);
    const lines = [];
    for (let y = rows.begin; y < rows.end; ++y) {
      const line = element("tr", {}, element("th", { scope: "row" }, cellNumber(y)));
      for (let x = columns.begin; x < columns.end; ++x) {
        const { field } =
          looks[(y - rows.begin) * (columns.end - columns.begin) + x - columns.begin][2];
        line.append(this.#makeCell(y, x, field !== undefined));
      }
      lines.push(line);
    }
    this.body.replaceChildren(...lines);
    if (!this.cells.get(this.focused)?.field) this.focused = "0,0";
    const first = this.cells.get(this.focused)?.field;
    if (first) first.tabIndex = 0;
  }

  #makeCell(y, x, is_field) {
    const cell = element("td");
    const text = element("span", { class: "value" });
    const note = element("span", { class: "note" });
    const field = is_field
      ? element("input", {
          type: "text",
          inputmode: "decimal",
          autocomplete: "off",
          spellcheck: "false",
          tabIndex: -1,
          onfocus: (event) => this.#enter(y, x, event.target),
          onkeydown: (event) => this.#move(y, x, event),
          onchange: (event) => this.#edit(y, x, event.target),
        })
      : null;
    cell.append(field ?? text, note);
    this.cells.set(`${y},${x}`, { cell, text, note, field });
    return cell;
  }

  #show(y, x, { text, note = "", classes = [], tint = 0, field, label, exact = field }) {
    const parts = this.cells.get(`${y},${x}`);
    const shown = field ?? text;
    parts.cell.className = (shown.length > 4 ? [...classes, "long"] : classes).join(" ");
    parts.cell.style.setProperty("--tint", tint.toFixed(3));
    setText(parts.note, note);
    if (exact !== undefined) parts.cell.dataset.exact = exact;
    if (!parts.field) return setText(parts.text, text);
    parts.field.setAttribute("aria-label", label);
    if (document.activeElement !== parts.field || !parts.field.hasAttribute("aria-invalid")) {
      parts.field.value = field;
    }
  }

  // Puts the frame around its cells, wherever they lie now.
  placeFrame() {
    const { window } = this;
    this.frame.hidden = window === null;
    if (window === null) return;
    const first = this.cellAt(window.top, window.left);
    const last = this.cellAt(window.bottom, window.right);
    const { style } = this.frame;
    style.left = `${first.offsetLeft}px`;
    style.top = `${first.offsetTop}px`;
    style.width = `${last.offsetLeft + last.offsetWidth - first.offsetLeft}px`;
    style.height = `${last.offsetTop + last.offsetHeight - first.offsetTop}px`;
  }

  #enter(y, x, field) {
    const before = this.cells.get(this.focused)?.field;
    if (before) before.tabIndex = -1;
    this.focused = `${y},${x}`;
    field.tabIndex = 0;
    field.select();
  }

  #move(y, x, event) {
    if (event.key === "Enter") return this.#edit(y, x, event.target);
    const move = MOVES[event.key];
    const next = move && this.cells.get(`${y + move[0]},${x + move[1]}`)?.field;
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  #edit(y, x, field) {
    const accepted = this.onEdit(y, x, field.value);
    if (accepted) field.removeAttribute("aria-invalid");
    else field.setAttribute("aria-invalid", "true");
  }
}
