// The library's pooling kernels, compiled to WebAssembly (web/wasm/exports.cpp). Every value,
// gradient, index and output size of the page comes from here.

const REGIONS = ["fixed", "disjoint", "overlapping"]; // FractionalRegions
const SEQUENCES = ["pseudorandom", "random"]; // FractionalSequence
const FAULTS = ["", "not positive", "too much padding", "does not fit", "sees only padding"];

// A seed as the two halves of 64 bits.
const halves = (seed) => [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];

const axisArguments = (axis) => [
  axis.in,
  axis.kernel,
  axis.stride,
  axis.pad,
  axis.dilation,
  axis.ceil ? 1 : 0,
];

export class Kernels {
  // bytes: of pool.wasm.
  static async load(bytes) {
    const { instance } = await WebAssembly.instantiate(bytes, {});
    instance.exports._initialize();
    return new Kernels(instance.exports);
  }

  constructor(exports) {
    this.exports = exports;
  }

  // Of an axis {in, kernel, stride, pad, dilation, ceil}.
  windowOutput(axis) {
    return this.exports.window_output(...axisArguments(axis));
  }
  // One of FAULTS; "" for a window that can be used.
  windowFault(axis) {
    return FAULTS[this.exports.window_fault(...axisArguments(axis))];
  }
  firstBlindWindow(axis) {
    return this.exports.first_blind_window(...axisArguments(axis));
  }
  fractionalSuits({ in: size, out, kernel, regions }) {
    return this.exports.fractional_suits(size, out, kernel, REGIONS.indexOf(regions)) === 1;
  }

  // [{name, rows}]: the grids of `weir pool`.
  builtInGrids() {
    const grids = [];
    for (let i = 0; i < this.exports.grid_count(); ++i) {
      grids.push({
        name: this.#text(this.exports.grid_name(i)),
        rows: this.#text(this.exports.grid_rows(i)),
      });
    }
    return grids;
  }

  // Sets up windows over (h, w) maps of `lanes` numbers at each pixel, and what reduces them.
  //   windows: {kind: "slide", y, x} with two axes | {kind: "adapt", out: [h, w]} |
  //            {kind: "draw", out, kernel, regions, sequence, seed} or with samples: [width, height]
  //            | {kind: "mirror", filter, stride} | {kind: "maxMirror", max, filter, stride}
  //   reducer: {kind: "max" | "average" | ...}, see #use
  open({ h, w, lanes = 1, windows, reducer }) {
    this.exports.set_lanes(lanes);
    this.size = { h, w, lanes };
    if (windows.kind === "mirror") {
      this.exports.use_blur(h, w, windows.filter, windows.stride);
      return;
    }
    if (windows.kind === "maxMirror") {
      this.exports.use_max_blur(h, w, windows.max, windows.filter, windows.stride);
      return;
    }
    this.#setWindows(0, h, windows);
    this.#setWindows(1, w, windows);
    this.#use(reducer);
  }

  #setWindows(direction, size, windows) {
    const { exports } = this;
    if (windows.kind === "slide") {
      exports.slide(direction, ...axisArguments(direction === 0 ? windows.y : windows.x));
      return;
    }
    const out = windows.out[direction];
    if (windows.kind === "adapt") {
      exports.adapt(direction, size, out);
      return;
    }
    const regions = REGIONS.indexOf(windows.regions);
    const kernel = windows.kernel[direction];
    if (windows.samples) {
      exports.draw_at(direction, size, out, kernel, regions, windows.samples[1 - direction]);
    } else {
      const sequence = SEQUENCES.indexOf(windows.sequence);
      exports.draw(direction, size, out, kernel, regions, sequence, ...halves(windows.seed));
    }
  }

  #use(reducer) {
    const { exports } = this;
    const kinds = {
      max: () => exports.use_max(),
      average: () => exports.use_average(reducer.countIncludePad ? 1 : 0, reducer.divisor ?? 0),
      norm: () => exports.use_norm(reducer.p, reducer.sum ? 1 : 0, reducer.absolute ? 1 : 0),
      gaussianNorm: () =>
        exports.use_gaussian_norm(reducer.p, reducer.sigma ?? 0, reducer.absolute ? 1 : 0),
      gem: () => exports.use_gem(reducer.p, reducer.eps),
      logSumExp: () => exports.use_log_sum_exp(reducer.beta),
      soft: () => exports.use_soft(reducer.beta),
      stochastic: () => exports.use_stochastic(reducer.softmax ? 1 : 0),
      stochasticMean: () => exports.use_stochastic_mean(),
      mixture: () => exports.use_mixture(reducer.share),
      gated: () => this.#floats(exports.use_gated(), reducer.weights.length).set(reducer.weights),
      scaledAverage: () => exports.use_scaled_average(reducer.weight, reducer.bias),
      filter: () => this.#floats(exports.use_filter(), reducer.weights.length).set(reducer.weights),
    };
    kinds[reducer.kind]();
  }

  outputSize() {
    return { h: this.exports.output_size(0), w: this.exports.output_size(1) };
  }

  // x: [row][column][lane]. What draws takes its numbers from `seed`, or from `uniform`, one for
  // each output.
  forward(x, { seed = 0, uniform } = {}) {
    const { exports } = this;
    const { h, w } = this.outputSize();
    const count = h * w * this.size.lanes;
    this.#floats(exports.input(), x.length).set(x);
    if (uniform) {
      this.#floats(exports.uniform(), count).set(uniform);
    } else {
      exports.fill_uniform(...halves(seed));
    }
    exports.forward();
    return this.#floats(exports.output(), count).slice();
  }

  // After forward(): the gradient of the input for that of the output.
  backward(dy) {
    const { exports } = this;
    this.#floats(exports.upstream(), dy.length).set(dy);
    exports.backward();
    const { h, w, lanes } = this.size;
    return this.#floats(exports.input_gradient(), h * w * lanes).slice();
  }

  // y * W + x of the input that won output number `at`, or -1.
  winner(at) {
    return this.exports.winner(at);
  }
  // What average pooling divides by.
  divisor(row, column) {
    return this.exports.divisor(row, column);
  }
  // Of gated pooling: the share of the maximum in output number `at`.
  gate(at) {
    return this.exports.gate(at);
  }
  // The first `count` weights of a Gaussian norm, row by row.
  weights(count) {
    return this.#floats(this.exports.weights(), count).slice();
  }

  // The windows of a direction (0 down, 1 across): the positions of their cells, and how many of
  // these count as map or padding. Positions outside the map are negative or beyond it.
  windowsOf(direction, { kernel } = {}) {
    const { exports } = this;
    const border = exports.border_before();
    const windows = [];
    for (let o = 0; o < exports.output_size(direction); ++o) {
      const taps = kernel ?? exports.taps_inside(direction, o);
      const distance = exports.tap_distance(direction);
      const origin =
        exports.first_input(direction, o) - exports.first_tap(direction, o) * distance - border;
      windows.push({
        positions: Array.from({ length: taps }, (_, tap) => origin + tap * distance),
        inside: exports.taps_inside(direction, o),
        padded: exports.taps_padded(direction, o),
      });
    }
    return windows;
  }

  // Which position of the map a position behind its edge mirrors, such as -1.
  mirrored(direction, position) {
    return this.exports.border_source(direction, position + this.exports.border_before());
  }

  #floats(pointer, count) {
    return new Float32Array(this.exports.memory.buffer, pointer, count);
  }

  #text(pointer) {
    const bytes = new Uint8Array(this.exports.memory.buffer);
    return new TextDecoder().decode(bytes.subarray(pointer, bytes.indexOf(0, pointer)));
  }
}
