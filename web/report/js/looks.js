// How each net looks, the same everywhere: colour, dashes and symbol follow from its place among
// the variants. Eight colours that stay apart for every kind of colour vision (css/colours.css);
// from the ninth net on they come again with other dashes, and always with another symbol.
import { dot, lineX, plot } from "@observablehq/plot";

const COLOURS = 8;
const DASHES = ["none", "6 3", "2 3"];
const SYMBOLS = ["circle", "square", "triangle", "diamond", "star", "cross", "wye"];
const WIDTH = 26;
const HEIGHT = 14;

export class Looks {
  constructor(variants) {
    this.places = new Map(variants.map((variant, i) => [variant, i]));
  }
  colour(variant) {
    return `var(--net-${(this.places.get(variant) % COLOURS) + 1})`;
  }
  dash(variant) {
    return DASHES[Math.floor(this.places.get(variant) / COLOURS) % DASHES.length];
  }
  symbol(variant) {
    return SYMBOLS[this.places.get(variant) % SYMBOLS.length];
  }

  // A piece of the net's line with its symbol, for legends and tables.
  swatch(variant) {
    const colour = this.colour(variant);
    const options = { y: () => 0, stroke: colour };
    const svg = plot({
      className: "swatch",
      width: WIDTH,
      height: HEIGHT,
      margin: 0,
      axis: null,
      x: { domain: [0, 1] },
      y: { domain: [-1, 1] },
      marks: [
        lineX([0, 1], {
          ...options,
          x: (x) => x,
          strokeWidth: 2,
          strokeDasharray: this.dash(variant),
        }),
        dot([0.5], { ...options, x: (x) => x, fill: colour, symbol: this.symbol(variant), r: 3.5 }),
      ],
    });
    svg.querySelector("style").remove();
    svg.querySelectorAll("[aria-label]").forEach((part) => part.removeAttribute("aria-label"));
    svg.setAttribute("aria-hidden", "true");
    return svg;
  }
}
