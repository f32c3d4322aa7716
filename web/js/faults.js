// What speaks against a choice, with its numbers. "" where nothing does.
import { usesWindow } from "./operators.js";

const DIRECTIONS = ["height", "width"];

function explainWindow(kernels, axis, direction) {
  const { kernel, stride, pad, dilation, in: size } = axis;
  const extent = dilation * (kernel - 1) + 1;
  switch (kernels.windowFault(axis)) {
    case "not positive":
      return (
        `${direction}: kernel, stride and dilation must be at least 1 and padding at least 0; ` +
        `found kernel ${kernel}, stride ${stride}, dilation ${dilation}, padding ${pad}.`
      );
    case "too much padding":
      return (
        `${direction}: padding ${pad} is more than half of the window's extent, ` +
        `⌊${extent}/2⌋ = ${Math.floor(extent / 2)}: a window could lie outside the map. ` +
        "Use less padding or a larger kernel."
      );
    case "does not fit":
      return (
        `${direction}: a window of extent ${extent} does not fit into ${size} + 2·${pad} ` +
        `= ${size + 2 * pad} cells. Use a smaller kernel or dilation, or more padding.`
      );
    case "sees only padding":
      return (
        `${direction}: window ${kernels.firstBlindWindow(axis)} lies outside its input: its cells, ` +
        `${dilation} apart, step over all ${size} of it. Use less padding or dilation.`
      );
    default:
      return "";
  }
}

function explainFractional(kernels, windows, size, direction) {
  const out = windows.out[direction];
  const kernel = windows.kernel[direction];
  const { regions } = windows;
  if (kernels.fractionalSuits({ in: size, out, kernel, regions })) return "";
  const name = DIRECTIONS[direction];
  return regions === "fixed"
    ? `${name}: output ${out} + kernel ${kernel} − 1 = ${out + kernel - 1} is more than the input of ${size}.`
    : `${name}: these regions need an input between 1 and 2 times the output; found ${size} / ${out} = ${(size / out).toPrecision(3)}.`;
}

function explainMirror({ filter, max = 1 }, grid) {
  const border = Math.floor(filter / 2);
  const side = Math.min(grid.h, grid.w) - (max - 1);
  if (border < side) return "";
  if (side < 1) {
    return `A kernel of ${max} does not fit into a map of ${grid.h}×${grid.w}. Use a smaller kernel.`;
  }
  const map = max > 1 ? "the map of maxima" : "the map";
  return `A filter of ${filter} mirrors ${border} cells, but ${map} has only ${side}. Use a smaller filter.`;
}

// Of a number that an option takes; `name` begins the sentence.
function explainNumber({ whole, positive, from, to }, name, value) {
  if (positive && !(value > 0)) return `${name} must be above 0, found ${value}.`;
  if (whole && !Number.isInteger(value)) return `${name} must be a whole number, found ${value}.`;
  if (value >= from && value <= to) return "";
  return `${name} must be between ${from} and ${to}, found ${value}.`;
}

function explainOptions(operator, args) {
  for (const option of operator.options) {
    if (option.type !== "number" || (option.when && !option.when(args))) continue;
    const fault = explainNumber(option, option.label, args[option.name]);
    if (fault) return fault;
  }
  return "";
}

const MOST_WINDOW_NUMBER = 16;

function explainShared(operator, window) {
  for (const [name, pair] of Object.entries(window)) {
    if (!Array.isArray(pair)) continue;
    const large = pair.find((value) => Math.abs(value) > MOST_WINDOW_NUMBER);
    if (large !== undefined)
      return `${name}: the page takes up to ${MOST_WINDOW_NUMBER}, found ${large}.`;
  }
  const dilated = window.dilation.find((value) => value !== 1);
  if (operator.dilates === false && dilated !== undefined) {
    return `${operator.name} pooling has no dilation, as in PyTorch; found ${dilated}. Set it to 1.`;
  }
  return "";
}

export function explainFault(kernels, { operator, args, grid, window, windows }) {
  const early =
    explainOptions(operator, args) || (usesWindow(operator) && explainShared(operator, window));
  if (early) return early;
  const sizes = [grid.h, grid.w];
  const faults = {
    slide: () =>
      explainWindow(kernels, windows.y, DIRECTIONS[0]) ||
      explainWindow(kernels, windows.x, DIRECTIONS[1]),
    draw: () =>
      explainFractional(kernels, windows, sizes[0], 0) ||
      explainFractional(kernels, windows, sizes[1], 1),
    mirror: () => explainMirror(windows, grid),
    maxMirror: () => explainMirror(windows, grid),
    adapt: () => "",
  };
  return faults[windows.kind]();
}
