// A chart with its title, what to see in it, and what it says in words. It is drawn again when its
// place gets another width.
import { plot, pointer, tip } from "@observablehq/plot";
import { element } from "../../js/view/dom.js";

// Plot puts rules into the drawing that the page's own style already holds (css/charts.css), and
// labels parts of what is one picture here.
function asPicture(svg, description) {
  svg.querySelector("style").remove();
  svg.querySelectorAll("[aria-label]").forEach((part) => part.removeAttribute("aria-label"));
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", description);
  return svg;
}

// options: what Plot takes, without the width.
export const drawing = (options, width, description) =>
  asPicture(plot({ className: "plot", width, ...options }), description);

// draw(width) gives Plot's options. `describe` says the same in words. Controls stand above the
// drawing; `redraw` of the result draws it again.
export function chart({ title, caption, describe, draw, controls = [], level = "h3" }) {
  const frame = element("div", { class: "frame" });
  let width = 0;
  const redraw = () => {
    if (width > 0) frame.replaceChildren(drawing(draw(width), width, `${title}. ${describe()}`));
  };
  new ResizeObserver(([{ contentRect }]) => {
    const now = Math.floor(contentRect.width);
    if (now === width) return;
    width = now;
    redraw();
  }).observe(frame);
  const root = element(
    "figure",
    { class: "chart" },
    element(level, {}, title),
    ...controls,
    frame,
    element("figcaption", {}, caption),
  );
  return { root, redraw };
}

// What stands beside the mark that the pointer is near: its `title`.
export function hover(data, options) {
  const made = tip(data, pointer(options));
  made.ariaLabel = undefined; // a part of one picture, like all others
  return made;
}

// The domain of an axis: what is shown, with some room around it.
export function roomy(values, share = 0.05) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = high > low ? (high - low) * share : Math.max(Math.abs(low) * share, 1e-3);
  return [low - room, high + room];
}

// The width of a text in a drawing.
const measure = document.createElement("canvas").getContext("2d");
export function textWidth(text) {
  measure.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  return Math.ceil(measure.measureText(text).width);
}

// Ends tell names apart, so it is cut in its middle.
export function cut(text, most) {
  if (text.length <= most) return text;
  const kept = most - 1;
  return `${text.slice(0, Math.ceil(kept / 2))}…${text.slice(text.length - Math.floor(kept / 2))}`;
}
