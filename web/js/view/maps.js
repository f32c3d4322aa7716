// How the cells of a panel's two maps look. Left: the input, or its gradient; right: the output, or
// the gradient upstream.
import { cellNumber, exactNumber } from "../numbers.js";

// Rows and columns that any window looks at, and the whole map.
export function reachOf(walk) {
  const range = (windows, size) => {
    const all = windows.flatMap(({ positions }) => positions);
    return { begin: Math.min(0, ...all), end: Math.max(size, ...all.map((one) => one + 1)) };
  };
  return { rows: range(walk.rows, walk.grid.h), columns: range(walk.columns, walk.grid.w) };
}

// What a cell outside the map holds: the padding of a sliding window, or the mirror of a blur.
function outsideText(walk, y, x) {
  const { grid, outside, mirror } = walk;
  if (mirror) {
    const row = mirror.rows.get(y) ?? y;
    return cellNumber(grid.values[row * grid.w + (mirror.columns.get(x) ?? x)]);
  }
  return isOverhang(walk, y, x) ? outside.overhang : outside.pad;
}

// Behind the padding: ceil_mode's.
const isOverhang = ({ grid, windows }, y, x) =>
  windows.kind === "slide" && (y >= grid.h + windows.y.pad || x >= grid.w + windows.x.pad);

function outsideLook(walk, step, y, x) {
  const classes = ["outside"];
  if (isOverhang(walk, y, x)) classes.push("overhang");
  if (sees(step, y, x)) classes.push("seen");
  return { text: outsideText(walk, y, x), classes };
}

export const sees = (step, y, x) =>
  step.rows.positions.includes(y) && step.columns.positions.includes(x);

const isOnMap = ({ h, w }, y, x) => y >= 0 && y < h && x >= 0 && x < w;

// How strongly a number colours its cell, 0 to 1.
function tints(values) {
  const finite = Array.from(values).filter(Number.isFinite).map(Math.abs);
  const most = Math.max(...finite, 0);
  return (value) => (Number.isFinite(value) && most > 0 ? Math.abs(value) / most : 0);
}

const sign = (value) => (value < 0 ? ["negative"] : []);

export function inputLook(walk, step) {
  const tint = tints(walk.grid.values);
  return (y, x) => {
    if (!isOnMap(walk.grid, y, x)) return outsideLook(walk, step, y, x);
    const at = y * walk.grid.w + x;
    const value = walk.grid.values[at];
    const classes = sign(value);
    if (sees(step, y, x)) classes.push("seen");
    if (at === step.winner) classes.push("winner");
    return {
      classes,
      tint: tint(value),
      field: exactNumber(value),
      label: `input, row ${y}, column ${x}`,
    };
  };
}

// The gradient that has arrived until this window; the input in the corner.
export function gradientLook(walk, step) {
  const tint = tints(walk.gradient);
  const is_last = step.at === walk.steps.length - 1;
  return (y, x) => {
    if (!isOnMap(walk.grid, y, x)) return { ...outsideLook(walk, step, y, x), text: "" };
    const at = y * walk.grid.w + x;
    const value = step.sum[at];
    const classes = sign(value);
    if (sees(step, y, x)) classes.push("seen");
    if (step.sent[at] !== 0) classes.push("gets");
    if (value === 0) classes.push(is_last ? "nothing" : "waiting");
    return {
      text: cellNumber(value),
      exact: exactNumber(value),
      note: cellNumber(walk.grid.values[at]),
      classes,
      tint: tint(value),
    };
  };
}

export function outputLook(walk, step) {
  const tint = tints(walk.output.values);
  return (y, x) => {
    const at = y * walk.output.w + x;
    const value = walk.output.values[at];
    if (at > step.at) return { text: "?", exact: "", classes: ["unknown"] };
    const classes = sign(value);
    if (at === step.at) classes.push("now");
    return { text: cellNumber(value), exact: exactNumber(value), classes, tint: tint(value) };
  };
}

export function upstreamLook(walk, step) {
  return (y, x) => {
    const at = y * walk.output.w + x;
    const classes = sign(walk.upstream[at]);
    if (at === step.at) classes.push("now");
    if (at > step.at) classes.push("unknown");
    return {
      note: cellNumber(walk.output.values[at]),
      classes,
      field: exactNumber(walk.upstream[at]),
      label: `upstream gradient, row ${y}, column ${x}`,
    };
  };
}

// The frame around what a window looks at.
export function frameOf(step) {
  const ends = ({ positions }) => [positions[0], positions[positions.length - 1]];
  const [top, bottom] = ends(step.rows);
  const [left, right] = ends(step.columns);
  return { top, bottom, left, right };
}
