// The same walk in the terminal, and the same layer in PyTorch's words.
import { say, usesWindow } from "./operators.js";
import { exactNumber, formatGrid } from "./numbers.js";

const pair = ([h, w]) => (h === w ? String(h) : `${h}x${w}`);
const isOne = (upstream) => upstream.every((dy) => dy === 1);

function windowOptions({ kernel, stride, padding, dilation, ceil }) {
  const words = [`-k ${pair(kernel)}`, `-s ${pair(stride)}`];
  if (pair(padding) !== "0") words.push(`-p ${pair(padding)}`);
  if (pair(dilation) !== "1") words.push(`--dilation ${pair(dilation)}`);
  if (ceil) words.push("--ceil");
  return words;
}

const set = (name, value) => `--set ${name}=${value}`;

// What differs from the defaults of the command.
const OPTIONS = {
  max: () => [],
  avg: ({ count_include_pad }) => (count_include_pad ? [] : [set("count_include_pad", false)]),
  lp: ({ norm_type, form, sigma }) => [
    set("norm_type", exactNumber(norm_type)),
    ...(form === "gaussian" ? [set("sigma", exactNumber(sigma))] : []),
  ],
  gem: ({ p, eps }) => [
    set("p", exactNumber(p)),
    ...(eps === 0.000001 ? [] : [set("eps", exactNumber(eps))]),
  ],
  lse: ({ beta }) => [set("beta", exactNumber(beta))],
  soft: ({ beta }) => [set("beta", exactNumber(beta))],
  mixed: () => [],
  gated: ({ stride, padding }) => ["-k 2", `-s ${stride}`, `-p ${padding}`],
  scaled_avg: () => [],
  stochastic: ({ phase, probability, seed }) => [
    ...(probability === "relu" ? [] : [set("probability", probability)]),
    ...(phase === "train" ? [`--seed ${seed}`] : []),
  ],
  fractional: ({ out_h, out_w, regions, kernel, sequence, seed }) => [
    ...(regions === "fixed"
      ? [`-k ${kernel}`]
      : [set("regions", regions), set("sequence", sequence)]),
    set("output_size", `[${out_h},${out_w}]`),
    `--seed ${seed}`,
  ],
  adaptive_avg: ({ out_h, out_w }) => [set("output_size", `[${out_h},${out_w}]`)],
  adaptive_max: ({ out_h, out_w }) => [set("output_size", `[${out_h},${out_w}]`)],
  blur: ({ filter_size, stride }) => [set("filter_size", filter_size), `-s ${stride}`],
  max_blur: ({ kernel_size, filter_size, stride }) => [
    `-k ${kernel_size}`,
    set("filter_size", filter_size),
    `-s ${stride}`,
  ],
};

// "weir pool max_pool2d --grid 4x4 -k 2 -s 2", or null where the command has no such operator.
export function commandOf(walk, { gridName, window, backward }) {
  const { operator, args, grid, upstream, output } = walk;
  const word = say(operator.word, args);
  if (!word) return null;
  const words = [
    "weir pool",
    word,
    gridName ? `--grid ${gridName}` : `--grid "${formatGrid(grid)}"`,
  ];
  if (usesWindow(operator)) words.push(...windowOptions(window));
  words.push(...OPTIONS[operator.id](args));
  if (backward && isOne(upstream)) words.push("--backward");
  if (backward && !isOne(upstream)) {
    words.push(`--dy "${formatGrid({ ...output, values: upstream })}"`);
  }
  return words.join(" ");
}
