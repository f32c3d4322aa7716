// Which operator, which beside it, and forward or backward.
import { OPERATORS } from "../operators.js";
import { element, labelled, select } from "./dom.js";

const NAMES = Object.fromEntries(OPERATORS.map(({ id, name }) => [id, name]));

export class Toolbar {
  // on: {operator(side, id or null), mode(name)}
  constructor(root, on) {
    root.addEventListener("submit", (event) => event.preventDefault());
    this.a = select(NAMES, "max", {
      id: "operator-a",
      onchange: () => on.operator("a", this.a.value),
    });
    this.b = select({ none: "nothing", ...NAMES }, "none", {
      id: "operator-b",
      onchange: () => on.operator("b", this.b.value === "none" ? null : this.b.value),
    });
    this.modes = ["forward", "backward"].map((mode) =>
      element("input", { type: "radio", name: "mode", value: mode, onchange: () => on.mode(mode) }),
    );
    const texts = ["Forward: values", "Backward: gradients"];
    root.append(
      labelled("Operator", this.a, { class: "field" }),
      labelled("beside it", this.b, { class: "field" }),
      element(
        "fieldset",
        { class: "modes" },
        element("legend", { class: "visually-hidden" }, "Direction"),
        ...this.modes.map((field, i) => element("label", {}, field, element("span", {}, texts[i]))),
      ),
    );
  }

  update({ a, b, mode }) {
    this.a.value = a.op;
    this.b.value = b ? b.op : "none";
    for (const field of this.modes) field.checked = field.value === mode;
  }
}
