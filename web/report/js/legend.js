// Which nets the charts of a section show, as boxes to tick.
import { element } from "../../js/view/dom.js";

export class Legend {
  constructor(looks, variants) {
    this.hidden = new Set();
    this.watchers = [];
    const boxes = variants.map((variant) => {
      const flip = ({ target }) => {
        this.hidden[target.checked ? "delete" : "add"](variant);
        for (const tell of this.watchers) tell();
      };
      const box = element("input", { type: "checkbox", checked: true, onchange: flip });
      return element("label", {}, box, looks.swatch(variant), variant);
    });
    const labels = { class: "legend", role: "group", "aria-label": "Nets shown" };
    this.root = element("div", labels, ...boxes);
  }

  shows(variant) {
    return !this.hidden.has(variant);
  }

  onChange(tell) {
    this.watchers.push(tell);
  }
}
