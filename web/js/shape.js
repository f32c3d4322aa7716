// The size of the output, with every symbol: lines of {direction, text, result} and, for the master
// formula, the symbols.

const SYMBOLS = [
  ["I", "input", (axis) => axis.in],
  ["P", "padding on each side", (axis) => axis.pad],
  ["D", "dilation: from one cell of a window to the next", (axis) => axis.dilation],
  ["K", "kernel: cells of a window", (axis) => axis.kernel],
  ["S", "stride: from one window to the next", (axis) => axis.stride],
];

function slidingLine(direction, axis, out) {
  const [open, close] = axis.ceil ? ["⌈", "⌉"] : ["⌊", "⌋"];
  const { in: size, kernel, stride, pad, dilation } = axis;
  const span = size + 2 * pad - dilation * (kernel - 1) - 1;
  const rounded = (axis.ceil ? Math.ceil : Math.floor)(span / stride) + 1;
  const formula = `${open}(${size} + 2·${pad} − ${dilation}·(${kernel}−1) − 1) / ${stride}${close} + 1`;
  const dropped =
    rounded > out ? ` = ${rounded}, less the last, which would start in the padding` : "";
  return { direction, text: `${formula}${dropped} = `, result: String(out) };
}

const range = ({ positions }) => `${positions[0]}–${positions[positions.length - 1]}`;

function rangesLine(direction, windows, words) {
  return {
    direction,
    text: `${words}: ${windows.map(range).join(", ")} → `,
    result: String(windows.length),
  };
}

export function explainShape(walk) {
  const { windows, grid, output, rows, columns } = walk;
  if (windows.kind === "slide") {
    const symbols = SYMBOLS.map(([symbol, meaning, get]) => ({
      symbol,
      meaning,
      height: get(windows.y),
      width: get(windows.x),
    }));
    return {
      rule: windows.y.ceil
        ? "O = ⌈(I + 2P − D(K−1) − 1) / S⌉ + 1"
        : "O = ⌊(I + 2P − D(K−1) − 1) / S⌋ + 1",
      symbols,
      lines: [
        slidingLine("height", windows.y, output.h),
        slidingLine("width", windows.x, output.w),
      ],
    };
  }
  if (windows.kind === "mirror" || windows.kind === "maxMirror") {
    const { stride, max = 1 } = windows;
    const line = (direction, size, out) => ({
      direction,
      text: `⌊(${size} − ${max}) / ${stride}⌋ + 1 = `,
      result: String(out),
    });
    const kernel = { symbol: "K", meaning: "kernel of the maximum", height: max, width: max };
    return {
      rule: windows.max ? "O = ⌊(I − K) / S⌋ + 1" : "O = ⌊(I − 1) / S⌋ + 1",
      symbols: [
        { symbol: "I", meaning: "input", height: grid.h, width: grid.w },
        ...(windows.max ? [kernel] : []),
        { symbol: "S", meaning: "stride", height: stride, width: stride },
      ],
      lines: [line("height", grid.h, output.h), line("width", grid.w, output.w)],
    };
  }
  const words = windows.kind === "adapt" ? "bins" : "drawn";
  return {
    rule:
      windows.kind === "adapt"
        ? "bin i covers ⌊i·I/O⌋ to ⌈(i+1)·I/O⌉ − 1"
        : "O is chosen; where the windows stand is drawn",
    symbols: [
      { symbol: "I", meaning: "input", height: grid.h, width: grid.w },
      { symbol: "O", meaning: "output, as chosen", height: output.h, width: output.w },
    ],
    lines: [rangesLine("height", rows, words), rangesLine("width", columns, words)],
  };
}
