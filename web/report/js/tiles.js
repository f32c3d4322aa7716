// A small filter as a square of cells: orange above zero, blue below, and the larger the stronger.

const SVG = "http://www.w3.org/2000/svg";

function shape(tag, attributes, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

function fillOf(value, largest) {
  const share = largest > 0 ? Math.min(Math.abs(value) / largest, 1) : 0;
  const side = value < 0 ? "var(--negative-tap)" : "var(--positive-tap)";
  return `color-mix(in oklab, ${side} ${(100 * share).toFixed(1)}%, var(--no-tap))`;
}

// rows: the taps. `largest`: the value that has the full colour. `write`: shows numbers too.
export function tile(rows, { largest, cell, description, write = null }) {
  const height = rows.length * cell;
  const width = rows[0].length * cell;
  const svg = shape("svg", {
    class: "tile",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-label": description,
  });
  rows.forEach((row, y) =>
    row.forEach((value, x) => {
      const place = { x: x * cell, y: y * cell, width: cell, height: cell };
      svg.append(shape("rect", { ...place, fill: fillOf(value, largest) }));
      if (!write) return;
      const is_strong = Math.abs(value) > 0.6 * largest;
      const middle = {
        x: (x + 0.5) * cell,
        y: (y + 0.5) * cell,
        class: is_strong ? "strong" : "weak",
      };
      svg.append(shape("text", middle, write(value)));
    }),
  );
  return svg;
}

export const largestOf = (rows) => Math.max(...rows.flat().map(Math.abs));
