// Comparisons to show: the real one that test.sh has trained (REPORTS), and what can be made of its
// numbers: a grid, many nets, missing and given-up runs, hostile names. `weir report` makes the
// pages.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";

const weir = process.env.WEIR;
const real = process.env.REPORTS;
if (!weir || !existsSync(weir)) throw new Error("WEIR: expected the path of the weir command");
if (!real || !existsSync(join(real, "compare.json"))) {
  throw new Error("REPORTS: expected the folder of a small comparison, as test.sh makes it");
}

const realText = () => readFileSync(join(real, "compare.json"), "utf8");
const readReal = () => JSON.parse(realText());
const copy = (value) => structuredClone(value);

// The summary of a few numbers, with an interval that is only about right.
function summary(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  return {
    count: values.length,
    mean,
    deviation,
    smallest: Math.min(...values),
    largest: Math.max(...values),
    interval: [mean - 3 * deviation, mean + 3 * deviation],
  };
}

// The same net with these test accuracies, one for each of its runs.
function withAccuracies(cell, values) {
  const made = copy(cell);
  made.runs.forEach((run, i) => (run.test.acc = values[i]));
  made.test_acc = summary(values);
  return made;
}

const pairOf = (a, b, more) => ({
  name: `${a} against ${b}`,
  a,
  b,
  point: {},
  equal: null,
  tested: true,
  reason: "made up",
  sentence: `${a} and ${b}, made up.`,
  method: "unpaired",
  difference: 0.0123,
  interval: [0.001, 0.0236],
  p: 0.0079,
  p_holm: 0.0316,
  exact: true,
  ways: 252,
  smallest_p: 0.0079,
  shown: true,
  smallest_difference: 0.0098,
  ...more,
});

function grid() {
  const json = readReal();
  const limits = ["200", "400", "null"];
  const place = (cell, limit, i, net) => {
    const seen = 100 * (i + 1) + 76;
    const accuracy = 0.4 + 0.1 * i + 0.02 * net * (1 - i);
    const made = withAccuracies(cell, [accuracy, accuracy + 0.02]);
    made.point = { "data.limit": limit, "model.base": "C" };
    for (const run of made.runs) run.dataset.train = seen;
    return made;
  };
  json.cells = limits.flatMap((limit, i) =>
    json.cells.map((cell, net) => place(cell, limit, i, net)),
  );
  json.pairs = limits.flatMap((limit) =>
    json.pairs.map((pair) => ({ ...pair, point: { "data.limit": limit, "model.base": "C" } })),
  );
  for (const [key, values] of Object.entries(json.configuration)) {
    json.configuration[key] = [...values, ...values, ...values];
  }
  return json;
}

// `count` nets against the first one, of which the first two others differ: one better, one worse.
function many(count, everyPair = false) {
  const json = readReal();
  const names = Array.from({ length: count }, (_, i) => `downsampling_word_${i + 1}`);
  json.cells = names.map((variant, i) => {
    const from = json.cells[i % json.cells.length];
    const made = withAccuracies(from, [0.81 + 0.003 * i, 0.83 + 0.002 * i]);
    return { ...made, variant, macs: from.macs + 1000 * i };
  });
  const others = names.slice(1).map((name, i) => {
    const sign = i === 1 ? -1 : 1;
    const difference = sign * (0.0123 - 0.0005 * i);
    const interval = [difference - 0.011, difference + 0.011];
    return pairOf(name, names[0], { difference, interval, shown: i < 2, p_holm: i < 2 ? 0.03 : 1 });
  });
  const all = names.flatMap((a, i) =>
    names.slice(i + 1).map((b) => pairOf(a, b, { difference: 0.001 * (i - 3), shown: i === 0 })),
  );
  json.pairs = everyPair ? all : others;
  json.answer = json.pairs.map(({ sentence }) => sentence);
  json.configuration = {};
  return json;
}

// Without its last run.
function withoutLast(cell) {
  const made = copy(cell);
  made.runs.pop();
  const [{ test }] = made.runs;
  const mean = test.acc;
  const one = { count: 1, mean, deviation: 0, smallest: mean, largest: mean, interval: null };
  return { ...made, test_acc: one };
}

function incomplete() {
  const json = readReal();
  const failure = { seed: 2, folder: "base/seed2/0001", message: "stuck at chance: made up" };
  const [first, second, third, ...others] = json.cells;
  const given_up = [{ seed: 2, failures: [failure, failure] }];
  const nothing = { ...third, runs: [], missing: 2, filters: null };
  for (const [name, value] of Object.entries(third)) if (value?.mean) nothing[name] = null;
  json.complete = false;
  json.cells = [
    { ...withoutLast(first), restarts: 2, given_up },
    { ...withoutLast(second), missing: 1 },
    nothing,
    ...others,
  ];
  Object.assign(json.runs, { complete: 6, given_up: 1, restarts: 2 });
  json.pairs = json.pairs.map(({ name, a, b, point, equal }) => {
    const reason = "2 runs are missing";
    const sentence = `${a} and ${b} were not tested: ${reason}.`;
    return { name, a, b, point, equal, tested: false, reason, sentence };
  });
  json.answer = json.pairs.map(({ sentence }) => sentence);
  return json;
}

export const HOSTILE =
  "</script><img src=x onerror=\"document.title='pwned'\">'`${1}\u202e\u2028--><!--";

// Every text that people choose is hostile.
function hostile() {
  const json = readReal();
  const bad = (text) => `${text}${HOSTILE}`;
  json.compare = bad("compare");
  json.plan = { file: bad("plan"), overrides: [bad("key="), "a=b; rm -rf ~"] };
  json.cells = json.cells.map((cell) => ({
    ...cell,
    variant: bad(cell.variant),
    point: { [bad("axis")]: bad("1") },
    runs: cell.runs.map((run) => ({
      ...run,
      folder: bad(run.folder),
      classes: run.classes.map(bad),
      dataset: { ...run.dataset, id: bad("set"), source: bad("from") },
      failures: [{ seed: 1, folder: bad("x"), message: bad("stuck") }],
    })),
  }));
  json.pairs = json.pairs.map((pair) => ({
    ...pair,
    name: bad(pair.name),
    a: bad(pair.a),
    b: bad(pair.b),
    point: { [bad("axis")]: bad("1") },
    sentence: bad(pair.sentence),
  }));
  json.answer = [...json.pairs.map(({ sentence }) => sentence), bad("note")];
  json.configuration = { [bad("key")]: json.cells.map(() => bad("value")) };
  json.environments = json.environments.map((one) => ({ ...one, [bad("field")]: bad("value") }));
  return json;
}

// As an older weir wrote it: without what schema 1 got later.
function older() {
  const json = readReal();
  delete json.plan;
  for (const cell of json.cells) {
    for (const name of ["img_per_s", "peak_rss_mb", "filters"]) delete cell[name];
  }
  return json;
}

const MADE = {
  grid,
  many: () => many(20),
  matrix: () => many(9, true),
  incomplete,
  hostile,
  older,
};

export const NAMES = ["real", "run", ...Object.keys(MADE)];

const folder = mkdtempSync(join(tmpdir(), "weir-report-"));
after(() => rmSync(folder, { recursive: true, force: true }));

// {json, address}: a comparison and its page; "run" is the page of one run.
export function report(name) {
  const place = join(folder, name);
  const page = join(place, "report.html");
  mkdirSync(place, { recursive: true });
  if (name === "run") {
    execFileSync(weir, ["report", join(real, "strided/seed1/0001"), "-o", page]);
  } else {
    const text = name === "real" ? realText() : JSON.stringify(MADE[name]());
    writeFileSync(join(place, "compare.json"), text);
    execFileSync(weir, ["report", place]);
  }
  const html = readFileSync(page, "utf8");
  const data = /<script type="application\/json" id="data">([^\n]*)<\/script>/.exec(html)[1];
  return { json: JSON.parse(data), html, address: pathToFileURL(page).href };
}
