// The arithmetic of a window in words, as a list of pieces: {text, kind?}. The results are the
// kernels'; the words only say how one gets there. kind: "cell", "winner" or "result".
import { place, shortNumber, term } from "./numbers.js";

const MOST_TERMS = 16; // that are spelled out one by one

const plain = (text) => ({ text });
const cell = (text, is_winner) => ({ text, kind: is_winner ? "winner" : "cell" });

// One piece for each cell, with separators between them.
function list(step, separator, write) {
  return step.cells.flatMap((one, i) => {
    const piece = cell(write(one), one.at === step.winner);
    return i === 0 ? [piece] : [plain(separator), piece];
  });
}

const sum = (step) => list(step, " + ", ({ value }) => term(value));
const maximum = (step) => [
  plain("max("),
  ...list(step, ", ", ({ value }) => shortNumber(value)),
  plain(")"),
];
const mean = (step) => [plain("("), ...sum(step), plain(`) / ${step.cells.length}`)];

const exponential = (value, beta) =>
  beta === 1 ? `e^${term(value)}` : `e^(${shortNumber(beta)}·${term(value)})`;

function softmaxMean(step, beta) {
  return [
    plain("("),
    ...list(step, " + ", ({ value }) => `${term(value)}·${exponential(value, beta)}`),
    plain(") / ("),
    ...list(step, " + ", ({ value }) => exponential(value, beta)),
    plain(")"),
  ];
}

function norm(step, { norm_type: p, form }) {
  const power = ({ value }) =>
    form !== "sum" && value < 0 ? `|${shortNumber(value)}|^${p}` : `${term(value)}^${p}`;
  const weighted = (one) => `${shortNumber(one.weight)}·${power(one)}`;
  const powers = list(step, " + ", form === "gaussian" ? weighted : power);
  if (form === "mean") return [plain("(("), ...powers, plain(`) / ${step.cells.length})^(1/${p})`)];
  const counted = step.rows.padded * step.columns.padded;
  const whole = step.rows.positions.length * step.columns.positions.length;
  const overhangs = form === "sum" && counted < whole; // PyTorch counts such a window as a whole one
  return overhangs
    ? [plain(`(${whole} / ${counted}·(`), ...powers, plain(`))^(1/${p})`)]
    : [plain("("), ...powers, plain(`)^(1/${p})`)];
}

const gem = (step, { p, eps }) => [
  plain("(("),
  ...list(step, " + ", ({ value }) => `${term(value < eps ? eps : value)}^${p}`),
  plain(`) / ${step.cells.length})^(1/${p})`),
];

const mixture = (step, share) => [
  plain(`${shortNumber(share)}·`),
  ...maximum(step),
  plain(` + (1 − ${shortNumber(share)})·`),
  ...mean(step),
];

function stochastic(step, { phase, probability }) {
  if (phase === "train") {
    const odds = ({ value }) =>
      probability === "softmax" ? exponential(value, 1) : shortNumber(Math.max(value, 0));
    return [
      plain("one of "),
      ...list(step, ", ", ({ value }) => shortNumber(value)),
      plain(", with odds "),
      ...list(step, " : ", odds),
      plain(": drawn"),
    ];
  }
  if (probability === "softmax") return softmaxMean(step, 1);
  const positive = ({ value }) => shortNumber(Math.max(value, 0));
  return [
    plain("("),
    ...list(step, " + ", (one) => `${positive(one)}²`),
    plain(") / ("),
    ...list(step, " + ", positive),
    plain(")"),
  ];
}

// A filter is linear: what a cell adds is its share of the gradient times its value.
const filtered = (step) => list(step, " + ", ({ value, share }) => `${term(share)}·${term(value)}`);
// So is a filter of maxima, in what won.
const filteredWinners = (step) =>
  filtered({ ...step, cells: step.cells.filter(({ share }) => share !== 0) });

const WORDS = {
  max: maximum,
  fractional: maximum,
  adaptive_max: maximum,
  avg: (step) => [plain("("), ...sum(step), plain(`) / ${shortNumber(step.divisor)}`)],
  adaptive_avg: mean,
  lp: norm,
  gem,
  lse: (step, { beta }) => [
    plain("log(("),
    ...list(step, " + ", ({ value }) => exponential(value, beta)),
    plain(`) / ${step.cells.length})${beta === 1 ? "" : ` / ${shortNumber(beta)}`}`),
  ],
  soft: (step, { beta }) => softmaxMean(step, beta),
  mixed: (step, { share }) => mixture(step, share),
  gated: (step) => mixture(step, step.gate),
  scaled_avg: (step, { weight, bias }) => [
    plain(`${term(weight)}·`),
    ...mean(step),
    plain(` + ${term(bias)}`),
  ],
  stochastic,
  conv: filtered,
  blur: filtered,
  max_blur: filteredWinners,
};

const winnerPlace = (walk, step) =>
  place(Math.floor(step.winner / walk.grid.w), step.winner % walk.grid.w);

// "max(1, 3, 5, 6) = 6 at (1, 1)".
export function explainValue(walk, step) {
  const fits = step.cells.length <= MOST_TERMS;
  const how = fits
    ? WORDS[walk.operator.id](step, walk.args)
    : [plain(`over ${step.cells.length} cells: y`)];
  const where = step.winner >= 0 ? [plain(` at ${winnerPlace(walk, step)}`)] : [];
  return [...how, plain(" = "), { text: shortNumber(step.value), kind: "result" }, ...where];
}

const isWhole = (value) => Math.abs(value - Math.round(value)) < 1e-4 * Math.abs(value);

// "all of 1 to (1, 1)", "1 / 4 = 0.25 to each of 4 inputs", "1: 0.75 to (0, 0), 0.25 to (0, 1)".
export function explainGradient(walk, step) {
  const { dy } = step;
  if (dy === 0) return [plain("0: there is nothing to send")];
  const given = Array.from(step.sent, (part, at) => ({ part, at })).filter(
    ({ part }) => part !== 0,
  );
  const where = (at) => place(Math.floor(at / walk.grid.w), at % walk.grid.w);
  const result = (value) => ({ text: shortNumber(value), kind: "result" });
  if (given.length === 0) return [plain(`${shortNumber(dy)}: no input gets anything`)];
  if (given.length === 1 && given[0].part === dy) {
    return [plain("all of "), result(dy), plain(` to ${where(given[0].at)}`)];
  }
  if (given.every(({ part }) => part === given[0].part)) {
    const divisor = dy / given[0].part;
    const splits = isWhole(divisor) && Math.round(divisor) >= given.length;
    const how = splits ? ` / ${Math.round(divisor)} = ` : ": ";
    const inputs = given.length === 1 ? "1 input" : `each of ${given.length} inputs`;
    return [plain(shortNumber(dy) + how), result(given[0].part), plain(` to ${inputs}`)];
  }
  if (given.length > MOST_TERMS)
    return [plain(`${shortNumber(dy)} in ${given.length} parts, as drawn`)];
  const parts = given.flatMap(({ part, at }, i) => [
    plain(i === 0 ? "" : ", "),
    result(part),
    plain(` to ${where(at)}`),
  ]);
  return [plain(`${shortNumber(dy)}: `), ...parts];
}

// "(2, 2) 1 + 1 = 2": inputs that had got something before this window. "" where there are none.
export function explainSum(walk, step) {
  if (step.at === 0) return "";
  const before = walk.steps[step.at - 1].sum;
  const sums = [];
  step.sent.forEach((part, at) => {
    if (part === 0 || before[at] === 0) return;
    const where = place(Math.floor(at / walk.grid.w), at % walk.grid.w);
    sums.push(`${where} ${term(before[at])} + ${term(part)} = ${shortNumber(step.sum[at])}`);
  });
  return sums.length > 0 ? `Windows overlap, gradients add up: ${sums.join("; ")}` : "";
}

export const textOf = (pieces) => pieces.map(({ text }) => text).join("");
