// The size of the output: the rule, its numbers, and what the letters mean.
import { element, setText } from "./dom.js";

export class ShapeTable {
  constructor() {
    this.rule = element("p", { class: "shape-rule" });
    this.lines = element("ul", { class: "shape-lines" });
    this.body = element("tbody");
    const head = ["", "means", "height", "width"].map((text) =>
      text ? element("th", { scope: "col" }, text) : element("td"),
    );
    this.root = element(
      "details",
      { class: "shape", open: "" },
      element("summary", {}, "Size of the output"),
      this.rule,
      this.lines,
      element(
        "table",
        { class: "symbols" },
        element("thead", {}, element("tr", {}, ...head)),
        this.body,
      ),
    );
  }

  // As explainShape() gives it.
  update({ rule, lines, symbols }) {
    setText(this.rule, rule);
    this.lines.replaceChildren(
      ...lines.map(({ direction, text, result }) =>
        element(
          "li",
          {},
          element("span", { class: "direction" }, direction),
          ` ${text}`,
          element("b", {}, result),
        ),
      ),
    );
    this.body.replaceChildren(
      ...symbols.map(({ symbol, meaning, height, width }) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, symbol),
          element("td", {}, meaning),
          element("td", {}, String(height)),
          element("td", {}, String(width)),
        ),
      ),
    );
  }
}
