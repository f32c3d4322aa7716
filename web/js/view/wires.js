// What connects the two maps of a panel: in forward a funnel from the window to its output, in
// backward a line for each part of the gradient, as thick as the part is large.

const EDGE = 5; // pixels: rays run along the edges of cells, beside their numbers
const SPACE = "http://www.w3.org/2000/svg";

function shape(tag, attributes) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

export class Wires {
  // stage: the element that both maps lie in.
  constructor(stage) {
    this.stage = stage;
    this.root = shape("svg", { class: "wires", "aria-hidden": "true", focusable: "false" });
    stage.append(this.root);
  }

  // Rectangles in the stage's own coordinates.
  #rectangle(target) {
    const own = this.stage.getBoundingClientRect();
    const { left, right, top, bottom } = target.getBoundingClientRect();
    return {
      left: left - own.left,
      right: right - own.left,
      top: top - own.top,
      bottom: bottom - own.top,
      x: (left + right) / 2 - own.left,
      y: (top + bottom) / 2 - own.top,
    };
  }

  clear() {
    this.root.replaceChildren();
  }

  // cells: elements of the window.
  funnel(cells, output) {
    const all = cells.map((cell) => this.#rectangle(cell));
    const to = this.#rectangle(output);
    const right = Math.max(...all.map((one) => one.right));
    const bottom = Math.max(...all.map((one) => one.bottom));
    const top = Math.min(...all.map((one) => one.top));
    const left = Math.min(...all.map((one) => one.left));
    const beside = to.left >= right;
    const corners = beside
      ? [right, top, to.left, to.top, to.left, to.bottom, right, bottom]
      : [left, bottom, to.left, to.top, to.right, to.top, right, bottom];
    this.root.replaceChildren(shape("polygon", { class: "funnel", points: corners.join(" ") }));
  }

  // parts: [{cell, part}]; the largest is drawn widest.
  rays(output, parts) {
    const from = this.#rectangle(output);
    const most = Math.max(...parts.map(({ part }) => Math.abs(part)));
    const lines = parts.flatMap(({ cell, part }) => {
      const to = this.#rectangle(cell);
      const width = 1.5 + 4.5 * (Math.abs(part) / most);
      const beside = from.left >= to.right;
      const start = beside ? [from.left, from.top + EDGE] : [from.x, from.top];
      const end = beside ? [to.right - EDGE, to.top + EDGE] : [to.right - EDGE, to.bottom];
      const middle = [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
      const bend = beside
        ? [middle[0], start[1], middle[0], end[1]]
        : [start[0], middle[1], end[0], middle[1]];
      const sign = part < 0 ? "ray negative" : "ray";
      return [
        shape("path", {
          class: sign,
          d: `M ${start.join(" ")} C ${bend.join(" ")} ${end.join(" ")}`,
          "stroke-width": width.toFixed(2),
        }),
        shape("circle", {
          class: `${sign} end`,
          cx: end[0],
          cy: end[1],
          r: (width / 2 + 2).toFixed(2),
        }),
      ];
    });
    this.root.replaceChildren(...lines);
  }
}
