// One operator on one map, taken apart into its windows. All values come from the kernels: forward
// once, then backward from each output alone.
import { explainFault } from "./faults.js";
import { findOperator, say } from "./operators.js";

function axesOf(grid, window) {
  const axis = (direction, size) => ({
    in: size,
    kernel: window.kernel[direction],
    stride: window.stride[direction],
    pad: window.padding[direction],
    dilation: window.dilation[direction],
    ceil: window.ceil,
  });
  return { y: axis(0, grid.h), x: axis(1, grid.w) };
}

const only = (count, at, value) => {
  const values = new Float32Array(count);
  values[at] = value;
  return values;
};

// Cells of a window: those on the map with their value, the share of the gradient, and the weight
// that the reducer gives them, if it has weights.
function cellsOf({ grid, weights }, rows, columns, shares) {
  const cells = [];
  let tap = 0;
  for (const y of rows.positions) {
    for (const x of columns.positions) {
      const weight = weights?.[tap++];
      if (y < 0 || y >= grid.h || x < 0 || x >= grid.w) continue;
      const at = y * grid.w + x;
      cells.push({ y, x, at, value: grid.values[at], share: shares[at], weight });
    }
  }
  return cells;
}

function stepAt(kernels, walk, at) {
  const { output, upstream, reducer } = walk;
  const count = output.values.length;
  const y = Math.floor(at / output.w);
  const x = at % output.w;
  const shares = kernels.backward(only(count, at, 1));
  const until = upstream.map((dy, i) => (i <= at ? dy : 0));
  return {
    at,
    y,
    x,
    rows: walk.rows[y],
    columns: walk.columns[x],
    value: output.values[at],
    dy: upstream[at],
    winner: kernels.winner(at),
    cells: cellsOf(walk, walk.rows[y], walk.columns[x], shares),
    shares,
    sent: kernels.backward(only(count, at, upstream[at])),
    sum: kernels.backward(until),
    divisor: reducer.kind === "average" ? kernels.divisor(y, x) : 0,
    gate: reducer.kind === "gated" ? kernels.gate(at) : 0,
  };
}

// An upstream gradient of the output's size, or ones.
function upstreamFor(given, output) {
  const fits = given && given.h === output.h && given.w === output.w;
  return fits ? given.values : new Float32Array(output.values.length).fill(1);
}

// choice: {op, args, upstream}. The result has a `fault`, a sentence, where there is nothing to show.
export function walkPool(kernels, { grid, window, choice }) {
  const operator = findOperator(choice.op);
  const { args } = choice;
  const axes = axesOf(grid, window);
  const windows = operator.windows({ grid, args, axes });
  const fault = explainFault(kernels, { operator, args, grid, window, windows });
  const walk = { operator, args, grid, windows, fault };
  if (fault) return walk;

  walk.reducer = operator.reducer(args);
  kernels.open({ h: grid.h, w: grid.w, windows, reducer: walk.reducer });
  const values = kernels.forward(grid.values, { seed: args.seed ?? 0 });
  walk.output = { ...kernels.outputSize(), values };
  const reach = (axis) => (windows.kind === "slide" ? { kernel: axis.kernel } : taps(windows));
  walk.rows = kernels.windowsOf(0, reach(windows.y));
  walk.columns = kernels.windowsOf(1, reach(windows.x));
  if (walk.reducer.kind === "gaussianNorm") {
    walk.weights = kernels.weights(windows.y.kernel * windows.x.kernel);
  }
  walk.upstream = upstreamFor(choice.upstream, walk.output);
  walk.steps = Array.from(values, (_, at) => stepAt(kernels, walk, at));
  walk.gradient = kernels.backward(walk.upstream);
  walk.zeros = walk.gradient.reduce((count, dx) => count + (dx === 0 ? 1 : 0), 0);
  walk.outside = say(operator.outside, args);
  if (windows.kind === "mirror") walk.mirror = mirrorOf(kernels, walk);
  return walk;
}

// {rows, columns}: position outside the map -> the one that it mirrors.
function mirrorOf(kernels, walk) {
  const sources = (windows, direction, size) =>
    new Map(
      windows
        .flatMap(({ positions }) => positions)
        .filter((position) => position < 0 || position >= size)
        .map((position) => [position, kernels.mirrored(direction, position)]),
    );
  return {
    rows: sources(walk.rows, 0, walk.grid.h),
    columns: sources(walk.columns, 1, walk.grid.w),
  };
}

const taps = (windows) => (windows.kind === "mirror" ? { kernel: windows.filter } : {});
