// The map and the sliding window.
import { formatGrid } from "../numbers.js";
import { element, labelled, select, setText } from "./dom.js";

const OWN = "own";
const ROWS = [
  ["kernel", "Kernel K"],
  ["stride", "Stride S"],
  ["padding", "Padding P"],
  ["dilation", "Dilation D"],
];

export class Setup {
  // on: {builtIn(name), rows(text): a message or "", window(name, direction, value), ceil(flag)}
  constructor(root, grids, on) {
    root.addEventListener("submit", (event) => event.preventDefault());
    const names = Object.fromEntries(grids.map(({ name }) => [name, name.replace("x", "×")]));
    this.grids = select({ ...names, [OWN]: "own numbers" }, grids[0].name, {
      onchange: () => this.#choose(on),
    });
    this.rows = element("textarea", {
      rows: 4,
      spellcheck: "false",
      onchange: () => this.#read(on),
    });
    this.fault = element("p", { class: "fault", role: "alert" });
    this.numbers = new Map();
    this.ceil = element("input", { type: "checkbox", onchange: () => on.ceil(this.ceil.checked) });
    this.unused = element("p", { class: "unused" });
    root.append(
      element("h2", {}, "Map"),
      labelled("Grid", this.grids, { class: "field" }),
      labelled("Rows", this.rows, { class: "field rows" }),
      this.fault,
      element("h2", {}, "Window"),
      this.#windowTable(on),
      element(
        "label",
        { class: "field flag" },
        this.ceil,
        element("span", {}, "ceil_mode: round up, the last window may hang over"),
      ),
      this.unused,
    );
  }

  update({ gridName, grid, window }, uses_window) {
    this.grids.value = gridName ?? OWN;
    if (document.activeElement !== this.rows)
      this.rows.value = formatGrid(grid).replaceAll("; ", "\n");
    for (const [key, field] of this.numbers) {
      const [name, direction] = key.split(" ");
      if (document.activeElement !== field) field.value = window[name][direction];
    }
    this.ceil.checked = window.ceil;
    setText(this.unused, uses_window ? "" : "The operators shown have windows of their own.");
  }

  #choose(on) {
    setText(this.fault, "");
    if (this.grids.value === OWN) this.rows.focus();
    else on.builtIn(this.grids.value);
  }

  #read(on) {
    setText(this.fault, on.rows(this.rows.value));
  }

  #windowTable(on) {
    const lines = ROWS.map(([name, label]) => {
      const cells = ["height", "width"].map((direction, i) => {
        const field = element("input", {
          type: "number",
          step: 1,
          min: name === "padding" ? 0 : 1,
          max: 16,
          "aria-label": `${label.slice(0, -2)}, ${direction}`,
          oninput: () => {
            const value = Number(field.value);
            const is_whole = field.value !== "" && Number.isInteger(value);
            field.setAttribute("aria-invalid", String(!is_whole));
            if (is_whole) on.window(name, i, value);
          },
        });
        this.numbers.set(`${name} ${i}`, field);
        return element("td", {}, field);
      });
      return element("tr", {}, element("th", { scope: "row" }, label), ...cells);
    });
    const heads = ["height", "width"].map((text) => element("th", { scope: "col" }, text));
    return element(
      "table",
      { class: "window" },
      element("thead", {}, element("tr", {}, element("td"), ...heads)),
      element("tbody", {}, ...lines),
    );
  }
}
