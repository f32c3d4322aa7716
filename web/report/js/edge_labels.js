// The names of nets at the right edge of a drawing, each as high as what it names, and moved where
// two would overlap.
import { dot, text } from "@observablehq/plot";
import { cut, textWidth } from "./chart.js";
import { spreadOut } from "./spread_out.js";

const LINE_HEIGHT = 15; // pixels
const OVERHANG = 8; // so far labels may leave the frame
const SYMBOL_AT = 11;
const TEXT_AT = 20;

// The room that they need.
export const edgeWidth = (variants, longest) =>
  TEXT_AT + 4 + Math.max(0, ...variants.map((variant) => textWidth(cut(variant, longest))));

// The least height of a drawing with so many labels.
export const edgeHeight = (count, { top, bottom }) => count * LINE_HEIGHT + top + bottom;

// items: [{variant, y}]. frame: {edge, domain, height, top, bottom}: the x of the edge, what the
// height stands for, and its margins. Returns the items with the `label` where their name stands.
export function placeLabels(items, { domain: [low, high], height, top, bottom }) {
  const span = height - top - bottom;
  const places = items.map(({ y }) => top + ((high - y) / (high - low)) * span);
  const moved = spreadOut(places, LINE_HEIGHT, top - OVERHANG, height - bottom + OVERHANG);
  return items.map((item, i) => ({
    ...item,
    label: high - ((moved[i] - top) / span) * (high - low),
  }));
}

export function labelMarks(placed, { edge, looks, longest }) {
  const names = text(placed, {
    x: edge,
    y: "label",
    dx: TEXT_AT,
    textAnchor: "start",
    text: ({ variant }) => cut(variant, longest),
    fill: "currentColor",
  });
  const symbols = placed.map((item) =>
    dot([item], {
      x: edge,
      y: "label",
      dx: SYMBOL_AT,
      r: 3.5,
      symbol: looks.symbol(item.variant),
      fill: looks.colour(item.variant),
    }),
  );
  return [...symbols, names];
}
