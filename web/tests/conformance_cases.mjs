// The cases of the conformance suite (conformance/README.md), and how their results compare.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const CASES = new URL("../../conformance/cases/", import.meta.url);
const NAMED = { NaN, Infinity, "-Infinity": -Infinity };

export function readCases(operator) {
  const packed = readFileSync(new URL(`${operator}.jsonl.gz`, CASES));
  const lines = gunzipSync(packed).toString("utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

const numberOf = (written) => (typeof written === "string" ? NAMED[written] : written);

// {shape, values}; a number that is not defined is undefined.
export function tensorOf({ shape, data }) {
  return { shape, values: data.map((one) => (one === null ? undefined : numberOf(one))) };
}

// (N, C, H, W) row-major from and to [H][W][N * C].
export function toLanes({ shape: [n, c, h, w], values }) {
  const lanes = n * c;
  const pixels = h * w;
  const moved = new Float32Array(values.length);
  for (let lane = 0; lane < lanes; ++lane) {
    for (let at = 0; at < pixels; ++at) moved[at * lanes + lane] = values[lane * pixels + at];
  }
  return moved;
}

export function fromLanes(values, lanes) {
  const pixels = values.length / lanes;
  const moved = new Array(values.length);
  for (let lane = 0; lane < lanes; ++lane) {
    for (let at = 0; at < pixels; ++at) moved[lane * pixels + at] = values[at * lanes + lane];
  }
  return moved;
}

function isRight(found, expected, how) {
  if (expected === undefined) return true;
  if (how === "exact" || !Number.isFinite(expected)) {
    return Object.is(found, Math.fround(expected));
  }
  return Math.abs(found - expected) <= how.roundings * 2 ** -24 * how.scale;
}

// "" or the first difference.
export function difference(name, found, expected, how) {
  if (found.length !== expected.length) {
    return `${name}: expected ${expected.length} numbers, found ${found.length}`;
  }
  const at = expected.findIndex((one, i) => !isRight(found[i], one, how));
  return at < 0 ? "" : `${name}[${at}]: expected ${expected[at]}, found ${found[at]}`;
}
