// The operators of the page: their names and options, which windows and reducer of the kernels they
// are, and what is said about them. Options have the names that `weir pool` and PyTorch use.

const number = (name, label, value, from, to, step, more = {}) => ({
  name,
  label,
  type: "number",
  value,
  from,
  to,
  step,
  ...more,
});
const whole = (name, label, value, from, to) =>
  number(name, label, value, from, to, 1, { whole: true });
const flag = (name, label, value) => ({ name, label, type: "flag", value });
const choice = (name, label, choices) => ({
  name,
  label,
  type: "choice",
  value: Object.keys(choices)[0],
  choices,
});

const SEED = whole("seed", "Seed", 1, 0, 4294967295);
const BETA = number("beta", "Sharpness β", 1, 0.05, 8, 0.05, { slider: true, positive: true });

const power = (name, value) =>
  number(name, "Power p", value, 0.25, 32, 0.25, { slider: true, positive: true });

// The three norms.
const LP_FORMS = {
  mean: {
    word: "lp_mean_pool2d",
    reducer: { kind: "norm", sum: false, absolute: true },
    y: "y = (mean |xₖ|ᵖ)^(1/p)",
    dx: "dxₖ = dy/n · (|xₖ| / y)ᵖ⁻¹ · sign xₖ",
  },
  sum: {
    word: "lp_pool2d",
    reducer: { kind: "norm", sum: true, absolute: false },
    y: "y = (Σ xₖᵖ)^(1/p)",
    dx: "dxₖ = dy (xₖ / y)ᵖ⁻¹",
  },
  gaussian: {
    word: "lp_gaussian_pool2d",
    reducer: { kind: "gaussianNorm", absolute: true },
    y: "y = (Σ Gₖ |xₖ|ᵖ)^(1/p),  G a Gaussian of sum 1",
    dx: "dxₖ = dy · Gₖ (|xₖ| / y)ᵖ⁻¹ · sign xₖ",
  },
};

const slide = ({ axes }) => ({ kind: "slide", y: axes.y, x: axes.x });

// A window of its own, with a filter that can be edited.
const slideFilter =
  (kernel) =>
  ({ grid, args: { stride, padding: pad } }) => {
    const axis = (size) => ({ in: size, kernel, stride, pad, dilation: 1, ceil: false });
    return { kind: "slide", y: axis(grid.h), x: axis(grid.w) };
  };
const filter = (label, side, value) => ({ name: "filter", label, type: "filter", side, value });

// What cells of a window outside the map hold. `overhang` is what ceil_mode adds behind the padding.
const LEFT_OUT = { pad: "–", overhang: "–", words: "are left out" };

export const OPERATORS = [
  {
    id: "max",
    name: "Max",
    layer: "MaxPool2d",
    word: "max_pool2d",
    windows: slide,
    options: [],
    reducer: () => ({ kind: "max" }),
    outside: () => ({ pad: "−∞", overhang: "−∞", words: "count as −∞, so they never win" }),
    y: "y = max xₖ",
    dx: "dxₖ = dy for the winner, 0 for all others",
    idea: "The largest number wins. Its gradient is routed: the winner gets all of it, everyone else nothing. Of equal numbers the first one wins.",
  },
  {
    id: "avg",
    name: "Average",
    layer: "AvgPool2d",
    word: "avg_pool2d",
    windows: slide,
    dilates: false,
    options: [flag("count_include_pad", "Padding counts in the divisor", true)],
    reducer: ({ count_include_pad }) => ({ kind: "average", countIncludePad: count_include_pad }),
    outside: ({ count_include_pad }) =>
      count_include_pad
        ? { pad: "0", overhang: "–", words: "add 0 but count in the divisor; overhang never does" }
        : LEFT_OUT,
    y: "y = Σ xₖ / divisor",
    dx: "dxₖ = dy / divisor, the same for every cell",
    idea: "Every cell counts alike. Its gradient is split evenly: each input of the window gets one part.",
  },
  {
    id: "lp",
    name: "Lp norm",
    layer: "LPPool2d",
    word: ({ form }) => LP_FORMS[form].word,
    windows: slide,
    options: [
      power("norm_type", 2),
      choice("form", "Form", {
        mean: "mean of powers",
        sum: "sum of powers (PyTorch)",
        gaussian: "Gaussian-weighted sum",
      }),
      {
        ...number("sigma", "Width σ", 0.5, 0.1, 4, 0.1, { slider: true, positive: true }),
        when: ({ form }) => form === "gaussian",
      },
    ],
    reducer: ({ norm_type: p, form, sigma }) => ({ p, sigma, ...LP_FORMS[form].reducer }),
    outside: () => LEFT_OUT,
    y: ({ form }) => LP_FORMS[form].y,
    dx: ({ form }) => LP_FORMS[form].dx,
    idea: "A bridge: at p = 1 the mean form is the average (of sizes), and the larger p, the closer to the maximum. Move the slider and watch the gradient gather on the largest cell.",
  },
  {
    id: "gem",
    name: "GeM",
    layer: "GeMPool2d",
    word: "gem_pool2d",
    windows: slide,
    options: [
      power("p", 3),
      number("eps", "Least input ε", 0.000001, 0.000001, 4, 0.125, { positive: true }),
    ],
    reducer: ({ p, eps }) => ({ kind: "gem", p, eps }),
    outside: () => LEFT_OUT,
    y: "y = (mean max(xₖ, ε)ᵖ)^(1/p)",
    dx: "dxₖ = dy/n · (xₖ / y)ᵖ⁻¹, 0 for cells below ε",
    idea: "The mean of powers over the whole map, at the end of a network that looks for similar pictures; p is learned there. Make the kernel as large as the map. What is not positive counts as ε.",
  },
  {
    id: "lse",
    name: "Log-sum-exp",
    layer: "LogSumExpPool2d",
    word: "log_sum_exp_pool2d",
    windows: slide,
    options: [BETA],
    reducer: ({ beta }) => ({ kind: "logSumExp", beta }),
    outside: () => LEFT_OUT,
    y: "y = log(mean e^(β xₖ)) / β",
    dx: "dxₖ = dy · e^(β xₖ) / Σ e^(β x)",
    idea: "A smooth maximum: every cell gets some gradient, the large ones most. β → 0 gives the average, β → ∞ the maximum.",
  },
  {
    id: "soft",
    name: "SoftPool",
    layer: "SoftPool2d",
    word: "soft_pool2d",
    windows: slide,
    options: [BETA],
    reducer: ({ beta }) => ({ kind: "soft", beta }),
    outside: () => LEFT_OUT,
    y: "y = Σ wₖ xₖ,  w = softmax(β x)",
    dx: "dxₖ = dy · wₖ (1 + β (xₖ − y))",
    idea: "A mean in which large cells weigh more. Cells far below the result get a negative gradient: lowering them raises the weight of the others.",
  },
  {
    id: "mixed",
    name: "Mixed max-average",
    layer: "MixedPool2d",
    word: ({ share }) => (share === 0.5 ? "mixed_pool2d" : null),
    windows: slide,
    options: [number("share", "Share λ of the maximum", 0.5, 0, 1, 0.05, { slider: true })],
    reducer: ({ share }) => ({ kind: "mixture", share }),
    outside: () => LEFT_OUT,
    y: "y = λ max xₖ + (1 − λ) mean xₖ",
    dx: "dxₖ = λ dy for the winner, plus (1 − λ) dy / n for every cell",
    idea: "Router and splitter at once: the winner gets its share, the rest is split. In a network λ is learned.",
  },
  {
    id: "gated",
    name: "Gated max-average",
    layer: "GatedPool2d",
    word: ({ filter }) => (filter.every((weight) => weight === 0) ? "gated_pool2d" : null),
    windows: slideFilter(2),
    options: [
      whole("stride", "Stride", 2, 1, 12),
      whole("padding", "Padding", 0, 0, 12),
      filter("Gate weights 2×2", 2, [0, 0, 0, 0]),
    ],
    reducer: ({ filter }) => ({ kind: "gated", weights: filter }),
    outside: () => ({ ...LEFT_OUT, words: "are left out; the gate sees 0 there" }),
    y: "y = g max xₖ + (1 − g) mean xₖ,  g = 1 / (1 + e^−Σ wₖ xₖ)",
    dx: "dxₖ = g dy for the winner, plus (1 − g) dy / n for every cell, plus dy g (1 − g) (max − mean) wₖ",
    idea: "Mixed pooling in which the window itself decides: a filter looks at it and opens the gate for the maximum. The weights are learned and start at 0, where the gate is half open. Edit them.",
  },
  {
    id: "scaled_avg",
    name: "Scaled average (LeNet-5)",
    layer: "ScaledAvgPool2d",
    word: ({ weight, bias }) => (weight === 1 && bias === 0 ? "scaled_avg_pool2d" : null),
    windows: slide,
    options: [
      number("weight", "Weight w", 1, -4, 4, 0.25, { slider: true }),
      number("bias", "Bias b", 0, -8, 8, 0.25, { slider: true }),
    ],
    reducer: ({ weight, bias }) => ({ kind: "scaledAverage", weight, bias }),
    outside: () => LEFT_OUT,
    y: "y = w · mean xₖ + b",
    dx: "dxₖ = dy · w / n, the same for every cell",
    idea: "The subsampling of LeNet-5, 1998: one weight and one bias for each map, both learned, and a squashing function behind it. With w = 1 and b = 0 it is the average.",
  },
  {
    id: "stochastic",
    name: "Stochastic",
    layer: "StochasticPool2d",
    word: "stochastic_pool2d",
    windows: slide,
    options: [
      choice("phase", "Phase", {
        train: "training: draw one cell",
        eval: "evaluation: the mean of draws",
      }),
      choice("probability", "Odds", { relu: "max(x, 0)", softmax: "e^x" }),
      { ...SEED, when: ({ phase }) => phase === "train" },
    ],
    draws: ({ phase }) => phase === "train",
    reducer: ({ phase, probability }) => {
      if (phase === "train") return { kind: "stochastic", softmax: probability === "softmax" };
      return probability === "softmax" ? { kind: "soft", beta: 1 } : { kind: "stochasticMean" };
    },
    outside: () => LEFT_OUT,
    y: ({ phase, probability }) => {
      if (phase === "train") return "y = one xₖ, drawn with odds aₖ";
      return probability === "softmax"
        ? "y = Σ wₖ xₖ,  w = softmax(x)"
        : "y = Σ a² / Σ a,  a = max(x, 0)";
    },
    dx: ({ phase, probability }) => {
      if (phase === "train") return "dxₖ = dy for the drawn cell, 0 for all others";
      return probability === "softmax" ? "dxₖ = dy · wₖ (1 + xₖ − y)" : "dxₖ = dy (2 aₖ − y) / Σ a";
    },
    idea: "While training, a window shows one of its cells by chance: large ones often, small ones sometimes. Change the seed to draw again. In evaluation the output is what the draws give on average.",
  },
  {
    id: "fractional",
    name: "Fractional max",
    layer: "FractionalMaxPool2d",
    word: "fractional_max_pool2d",
    windows: ({ args }) => ({
      kind: "draw",
      out: [args.out_h, args.out_w],
      kernel: [args.kernel, args.kernel],
      regions: args.regions,
      sequence: args.regions === "fixed" ? "pseudorandom" : args.sequence,
      seed: args.seed,
    }),
    options: [
      whole("out_h", "Output height", 3, 1, 12),
      whole("out_w", "Output width", 3, 1, 12),
      choice("regions", "Regions", {
        fixed: "fixed size (PyTorch)",
        disjoint: "disjoint (Graham)",
        overlapping: "overlapping (Graham)",
      }),
      { ...whole("kernel", "Kernel", 2, 1, 12), when: ({ regions }) => regions === "fixed" },
      {
        ...choice("sequence", "Sequence", { pseudorandom: "pseudorandom", random: "random" }),
        when: ({ regions }) => regions !== "fixed",
      },
      SEED,
    ],
    reducer: () => ({ kind: "max" }),
    outside: () => LEFT_OUT,
    y: "y = max xₖ over a window that was drawn",
    dx: "dxₖ = dy for the winner, 0 for all others",
    idea: "The map shrinks by less than two: windows do not stand at equal distances. Where they stand is drawn anew in each step; change the seed.",
  },
  {
    id: "adaptive_avg",
    name: "Adaptive average",
    layer: "AdaptiveAvgPool2d",
    word: "adaptive_avg_pool2d",
    windows: ({ args }) => ({ kind: "adapt", out: [args.out_h, args.out_w] }),
    options: [whole("out_h", "Output height", 2, 1, 12), whole("out_w", "Output width", 2, 1, 12)],
    reducer: () => ({ kind: "average", countIncludePad: false }),
    outside: () => LEFT_OUT,
    y: "y = mean xₖ over the bin",
    dx: "dxₖ = dy / cells of the bin",
    idea: "You choose the output; the bins follow, and may differ in size and share cells. Output 1×1 is global average pooling.",
  },
  {
    id: "adaptive_max",
    name: "Adaptive max",
    layer: "AdaptiveMaxPool2d",
    word: "adaptive_max_pool2d",
    windows: ({ args }) => ({ kind: "adapt", out: [args.out_h, args.out_w] }),
    options: [whole("out_h", "Output height", 2, 1, 12), whole("out_w", "Output width", 2, 1, 12)],
    reducer: () => ({ kind: "max" }),
    outside: () => LEFT_OUT,
    y: "y = max xₖ over the bin",
    dx: "dxₖ = dy for the winner, 0 for all others",
    idea: "The same bins as adaptive average pooling, and their maxima. Where bins share a cell, it may win twice.",
  },
  {
    id: "conv",
    name: "Convolution, stride 2",
    layer: "Conv2d",
    word: null,
    windows: slideFilter(3),
    options: [
      whole("stride", "Stride", 2, 1, 12),
      whole("padding", "Padding", 1, 0, 12),
      filter("Filter 3×3", 3, [0, 0.125, 0, 0.125, 0.5, 0.125, 0, 0.125, 0]),
    ],
    reducer: ({ filter }) => ({ kind: "filter", weights: filter }),
    outside: () => ({ pad: "0", overhang: "0", words: "count as 0" }),
    y: "y = Σ wₖ xₖ",
    dx: "dxₖ = dy · wₖ",
    idea: "What replaces pooling in all-convolutional nets: the same window, but the weights are learned. Here is one channel of it; edit the filter. Nine times 1/9 is average pooling.",
  },
  {
    id: "blur",
    name: "Blur",
    layer: "BlurPool2d",
    word: "blur_pool2d",
    windows: ({ args }) => ({ kind: "mirror", filter: args.filter_size, stride: args.stride }),
    options: [whole("filter_size", "Filter size", 3, 1, 7), whole("stride", "Stride", 2, 1, 12)],
    reducer: () => ({ kind: "mirror" }),
    outside: () => ({ words: "are mirrored on the outermost cells" }),
    y: "y = Σ wₖ xₖ,  w = binomial filter",
    dx: "dxₖ = dy · wₖ, mirrored cells add to their originals",
    idea: "First smooth, then drop: the output hardly changes when the picture moves by one pixel.",
  },
  {
    id: "max_blur",
    name: "Max, then blur",
    layer: "MaxBlurPool2d",
    word: "max_blur_pool2d",
    windows: ({ args }) => ({
      kind: "maxMirror",
      max: args.kernel_size,
      filter: args.filter_size,
      stride: args.stride,
    }),
    options: [
      whole("kernel_size", "Kernel", 2, 1, 12),
      whole("filter_size", "Filter size", 3, 1, 7),
      whole("stride", "Stride", 2, 1, 12),
    ],
    reducer: () => ({ kind: "maxMirror" }),
    outside: () => LEFT_OUT,
    y: "y = Σ wⱼ mⱼ,  m = max at stride 1,  w = binomial filter",
    dx: "dxₖ = dy · the weights of the maxima that xₖ won",
    idea: "Max pooling in two steps: the maximum of every window, then a blur that keeps every second of them. A cell that wins many windows counts with the weights of all of them. Unlike max pooling, it changes little when the picture moves by a pixel.",
  },
];

export const findOperator = (id) => OPERATORS.find((operator) => operator.id === id);

// What an entry of the table says, for these options.
export const say = (entry, args) => (typeof entry === "function" ? entry(args) : entry);

// {name: value} of an operator as it is chosen.
export function defaultOptions(operator) {
  return Object.fromEntries(
    operator.options.map(({ name, value }) => [name, Array.isArray(value) ? [...value] : value]),
  );
}

// Whether it takes the kernel, stride and padding that the page sets for all.
export const usesWindow = (operator) => operator.windows === slide;
