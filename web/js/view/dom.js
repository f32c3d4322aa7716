// Elements without markup: text is only ever set as text.

const PROPERTIES = new Set(["value", "checked", "disabled", "textContent", "tabIndex"]);

// attributes: names as in HTML; PROPERTIES and on... handlers are set as such; null is left out.
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// A field with its label around it.
export const labelled = (text, field, attributes = {}) =>
  element("label", attributes, element("span", { class: "label" }, text), field);

export function select(choices, value, attributes = {}) {
  const options = Object.entries(choices).map(([name, text]) =>
    element("option", { value: name }, text),
  );
  const made = element("select", attributes, ...options);
  made.value = value;
  return made;
}

// Sets what has changed only: assistive software announces every change.
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

// Pieces of text as explain.js gives them.
export const pieces = (list) =>
  list.map(({ text, kind }) => (kind ? element("span", { class: `piece ${kind}` }, text) : text));
