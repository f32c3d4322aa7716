// The options of an operator as fields. Made anew only when the operator changes, so that nobody
// loses the field that they are in.
import { exactNumber, parseNumber } from "../numbers.js";
import { element, labelled, select } from "./dom.js";

export class OptionFields {
  // onChange(name, value)
  constructor(onChange) {
    this.onChange = onChange;
    this.root = element("div", { class: "options" });
    this.shown = null;
    this.fields = new Map();
  }

  update(operator, args) {
    if (this.shown !== operator.id) this.#build(operator);
    this.shown = operator.id;
    for (const option of operator.options) {
      const { root, show } = this.fields.get(option.name);
      root.hidden = option.when ? !option.when(args) : false;
      show(args[option.name]);
    }
  }

  #build(operator) {
    this.fields.clear();
    const makers = {
      number: numberField,
      flag: flagField,
      choice: choiceField,
      filter: filterField,
    };
    for (const option of operator.options) {
      this.fields.set(
        option.name,
        makers[option.type](option, (value) => this.onChange(option.name, value)),
      );
    }
    this.root.replaceChildren(...Array.from(this.fields.values(), ({ root }) => root));
  }
}

// Does not disturb who is writing in it.
function showIn(field, text) {
  if (document.activeElement !== field || field.type === "range") field.value = text;
}

// Fits into a field: 0.000001 as 1e-6.
const fieldNumber = (value) =>
  value !== 0 && Math.abs(value) < 0.001 ? value.toExponential() : String(value);

function numberField(option, onChange) {
  const { label, from, to, step, slider } = option;
  const read = (event) => {
    const value = Number(event.target.value);
    const is_number = event.target.value !== "" && Number.isFinite(value);
    event.target.setAttribute("aria-invalid", String(!is_number));
    if (is_number) onChange(value);
  };
  const field = element("input", {
    type: "number",
    min: from,
    max: to,
    step: slider ? "any" : step,
    oninput: read,
  });
  if (!slider) {
    return {
      root: labelled(label, field, { class: "field" }),
      show: (value) => showIn(field, fieldNumber(value)),
    };
  }
  const range = element("input", {
    type: "range",
    min: from,
    max: to,
    step,
    "aria-label": `${label}, slider`,
    oninput: read,
  });
  return {
    root: element("div", { class: "field slider" }, labelled(label, field), range),
    show: (value) => {
      showIn(field, fieldNumber(value));
      range.value = value;
    },
  };
}

function flagField({ label }, onChange) {
  const field = element("input", { type: "checkbox", onchange: () => onChange(field.checked) });
  return {
    root: element("label", { class: "field flag" }, field, element("span", {}, label)),
    show: (value) => {
      field.checked = value;
    },
  };
}

function choiceField({ label, choices, value }, onChange) {
  const field = select(choices, value, { onchange: () => onChange(field.value) });
  return {
    root: labelled(label, field, { class: "field" }),
    show: (shown) => {
      field.value = shown;
    },
  };
}

function filterField({ label, side }, onChange) {
  const read = () => {
    const values = fields.map(({ value }) => parseNumber(value));
    fields.forEach((field, i) => field.setAttribute("aria-invalid", String(values[i] === null)));
    if (!values.includes(null)) onChange(values);
  };
  const fields = Array.from({ length: side * side }, (_, i) =>
    element("input", {
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      "aria-label": `filter, row ${Math.floor(i / side)}, column ${i % side}`,
      oninput: read,
    }),
  );
  const cells = element("div", { class: "filter-cells" }, ...fields);
  cells.style.setProperty("--side", side);
  const legend = element("legend", { class: "label" }, label);
  return {
    root: element("fieldset", { class: "field filter" }, legend, cells),
    show: (values) => fields.forEach((field, i) => showIn(field, exactNumber(values[i]))),
  };
}
