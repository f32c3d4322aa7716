// The module against the conformance suite: every case of the operators that the page has. What the
// module does not compute, gradients of parameters, is not compared.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { difference, fromLanes, readCases, tensorOf, toLanes } from "./conformance_cases.mjs";
import { loadKernels } from "./kernels.mjs";

const kernels = await loadKernels();

const one = [1, 1];
const none = [0, 0];

function sliding({ args }, [, , h, w]) {
  const { kernel_size: kernel, padding = none, dilation = one, ceil_mode: ceil = false } = args;
  const stride = args.stride ?? kernel;
  const axis = (i, size) => ({
    in: size,
    kernel: kernel[i],
    stride: stride[i],
    pad: padding[i],
    dilation: dilation[i],
    ceil,
  });
  return { kind: "slide", y: axis(0, h), x: axis(1, w) };
}

const adaptive = ({ args }) => ({ kind: "adapt", out: args.output_size });
const global = () => ({ kind: "adapt", out: one });
const norm = (sum) => (c) => ({
  kind: "norm",
  p: c.parameters?.p ? c.parameters.p.data[0] : c.args.norm_type,
  sum,
  absolute: c.args.abs ?? !sum,
});

function stochastic({ mode, args }) {
  const softmax = args.probability === "softmax";
  if (mode === "train") return { kind: "stochastic", softmax };
  return softmax ? { kind: "soft", beta: 1 } : { kind: "stochasticMean" };
}

// A window and a reducer for each; the maps of a batch are pooled side by side.
const OPERATORS = {
  max_pool2d: [sliding, () => ({ kind: "max" })],
  avg_pool2d: [
    sliding,
    ({ args }) => ({
      kind: "average",
      countIncludePad: args.count_include_pad ?? true,
      divisor: args.divisor_override ?? 0,
    }),
  ],
  adaptive_max_pool2d: [adaptive, () => ({ kind: "max" })],
  adaptive_avg_pool2d: [adaptive, () => ({ kind: "average", countIncludePad: false })],
  global_max_pool2d: [global, () => ({ kind: "max" })],
  global_avg_pool2d: [global, () => ({ kind: "average", countIncludePad: false })],
  lp_pool2d: [sliding, norm(true)],
  lp_mean_pool2d: [sliding, norm(false)],
  lp_gaussian_pool2d: [sliding, (c) => ({ ...norm(false)(c), kind: "gaussianNorm" })],
  gem_pool2d: [
    (c, shape) => (c.args.kernel_size ? sliding(c, shape) : global()),
    ({ args, parameters }) => ({
      kind: "gem",
      p: parameters?.p ? parameters.p.data[0] : args.p,
      eps: args.eps,
    }),
  ],
  log_sum_exp_pool2d: [sliding, ({ args }) => ({ kind: "logSumExp", beta: args.beta })],
  soft_pool2d: [sliding, ({ args }) => ({ kind: "soft", beta: args.beta })],
  stochastic_pool2d: [sliding, stochastic],
  random_mixed_pool2d: [sliding, () => ({ kind: "mixture", share: 0.5 })],
  blur_pool2d: [
    ({ args }) => ({ kind: "mirror", filter: args.filter_size, stride: args.stride }),
    () => ({ kind: "mirror" }),
  ],
  max_blur_pool2d: [
    ({ args }) => ({
      kind: "maxMirror",
      max: args.kernel_size,
      filter: args.filter_size,
      stride: args.stride,
    }),
    () => ({ kind: "maxMirror" }),
  ],
};

// Those of which each map has its own, so that they are pooled one after the other.
const BY_MAP = {
  mixed_pool2d: (c, shape, map) => {
    const { data } = c.parameters.share;
    return [sliding(c, shape), { kind: "mixture", share: data[map % data.length] }];
  },
  gated_pool2d: (c, shape, map) => {
    const { data, shape: of } = c.parameters.weight;
    const taps = of[1] * of[2];
    const first = ((map % shape[1]) % of[0]) * taps;
    return [sliding(c, shape), { kind: "gated", weights: data.slice(first, first + taps) }];
  },
  scaled_avg_pool2d: (c, shape, map) => {
    const [weight, bias] = ["weight", "bias"].map(
      (name) => c.parameters[name].data[map % shape[1]],
    );
    return [sliding(c, shape), { kind: "scaledAverage", weight, bias }];
  },
  fractional_max_pool2d: ({ args, random }, shape, map) => {
    const samples = random.samples.data.slice(2 * map, 2 * map + 2);
    const { output_size: out, kernel_size: kernel = one, regions = "fixed" } = args;
    return [{ kind: "draw", out, kernel, regions, samples }, { kind: "max" }];
  },
};

// {output, input_gradient, indices}, row-major.
function pool(c, windows, reducer, x, dy) {
  const [n, ch, h, w] = x.shape;
  const lanes = n * ch;
  kernels.open({ h, w, lanes, windows, reducer });
  const uniform = c.random?.uniform && toLanes(tensorOf(c.random.uniform));
  const y = kernels.forward(toLanes(x), { uniform });
  return {
    output: fromLanes(y, lanes),
    input_gradient: fromLanes(kernels.backward(toLanes(dy)), lanes),
    indices: fromLanes(
      Float64Array.from(y, (_, at) => kernels.winner(at)),
      lanes,
    ),
  };
}

function poolByMap(c, x, dy) {
  const [n, ch] = x.shape;
  const found = { output: [], input_gradient: [], indices: [] };
  const mapOf = ({ shape, values }, map) => {
    const size = shape[2] * shape[3];
    const own = values.slice(map * size, (map + 1) * size);
    return { shape: [1, 1, shape[2], shape[3]], values: own };
  };
  for (let map = 0; map < n * ch; ++map) {
    const [windows, reducer] = BY_MAP[c.op](c, x.shape, map);
    const own = pool(c, windows, reducer, mapOf(x, map), mapOf(dy, map));
    for (const [name, values] of Object.entries(own)) found[name].push(...values);
  }
  return found;
}

function run(c) {
  const x = tensorOf(c.input);
  const dy = tensorOf(c.upstream);
  if (c.op in BY_MAP) return poolByMap(c, x, dy);
  const [windows, reducer] = OPERATORS[c.op];
  return pool(c, windows(c, x.shape), reducer(c), x, dy);
}

function failureOf(c) {
  const found = run(c);
  const results = ["output", "input_gradient"].map((name) => [name, c[name]]);
  if (c.indices) results.push(["indices", c.indices]);
  for (const [name, expected] of results) {
    const how = c.compare[name] ?? "exact";
    const wrong = difference(name, found[name], tensorOf(expected).values, how);
    if (wrong) return `${c.id} (${c.note}): ${wrong}`;
  }
  return "";
}

let total = 0;
for (const op of [...Object.keys(OPERATORS), ...Object.keys(BY_MAP)]) {
  test(`${op} equals the conformance suite`, () => {
    const cases = readCases(op);
    const failures = cases.map(failureOf).filter((failure) => failure !== "");
    total += cases.length;
    assert.deepEqual(failures.slice(0, 5), [], `${failures.length} of ${cases.length} fail`);
    assert.ok(cases.length >= 40, `${op} has ${cases.length} cases`);
  });
}

test("all cases were there", (t) => {
  t.diagnostic(`${total} conformance cases`);
  assert.ok(total >= 2500, `${total} cases`);
});

test("the module asks for nothing and exports its memory", () => {
  const module = new WebAssembly.Module(
    readFileSync(new URL("../dist/pool.wasm", import.meta.url)),
  );
  assert.deepEqual(WebAssembly.Module.imports(module), []);
});
