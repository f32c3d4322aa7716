// Every number in the tables of the page is one of compare.json, written as it says here.
import assert from "node:assert/strict";
import test from "node:test";
import { usePages } from "./browser.mjs";
import { report } from "./report_fixtures.mjs";

const open = usePages();
const READY = { ready: "#origin .commands" };

// The texts of a table's rows, without what only screen readers get.
const rowsOf = (page, selector) =>
  page.$$eval(`${selector} tbody tr`, (rows) =>
    rows.map((row) =>
      [...row.cells].map((cell) => {
        const seen = cell.cloneNode(true);
        for (const part of seen.querySelectorAll(".visually-hidden")) part.remove();
        return seen.textContent;
      }),
    ),
  );

const minus = (text) => text.replace("-", "−");
const percent = (share) => minus((100 * share).toFixed(2));
const points = (share) => (share < 0 ? percent(share) : `+${percent(share)}`);
const whole = (value) => Intl.NumberFormat("en-US", { maximumFractionDigits: 0 }).format(value);
const sample = ({ mean, deviation, count }) =>
  count > 1 ? `${percent(mean)} ± ${percent(deviation)} (${count})` : `${percent(mean)} (${count})`;
const p = (value) => (value < 0.001 ? "< 0.001" : String(Number(value.toPrecision(2))));
const or = (value, write) => (value === null || value === undefined ? "–" : write(value));

function netRow(cell, _, cells) {
  const extreme = (end) =>
    or(cell.test_acc, (found) => {
      const { seed } = cell.runs.find(({ test: { acc } }) => acc === found[end]);
      return `${percent(found[end])} (${seed})`;
    });
  return [
    cell.variant,
    ...Object.values(cell.point),
    whole(cell.parameters),
    (cell.macs / 1e6).toFixed(1),
    or(cell.test_acc, sample),
    or(cell.test_acc?.interval, ([low, high]) => `${percent(low)} to ${percent(high)}`),
    extreme("largest"),
    extreme("smallest"),
    or(cell.val_acc, sample),
    or(cell.shift_consistency, ({ mean }) => percent(mean)),
    or(cell.seconds, ({ mean }) => mean.toFixed(1)),
    or(cell.img_per_s, ({ mean }) => whole(mean)),
    or(cell.peak_rss_mb, ({ mean }) => whole(mean)),
    ...(cells.some(({ restarts }) => restarts > 0) ? [String(cell.restarts)] : []),
  ];
}

function pairRow(pair) {
  const names = `${pair.a} − ${pair.b}${pair.equal ? `, equal ${pair.equal}` : ""}`;
  const title = pair.name === `${pair.a} against ${pair.b}` ? pair.name : pair.name + names;
  if (!pair.tested) return [title, "–", "–", "–", "–", "–", "–", pair.reason];
  return [
    title,
    points(pair.difference),
    or(pair.interval, ([low, high]) => `${points(low)} to ${points(high)}`),
    p(pair.p),
    p(pair.p_holm),
    pair.shown ? "yes" : "no",
    or(pair.smallest_difference, percent),
    `${pair.method}, ${pair.exact ? "exact" : `${whole(pair.ways)} draws`}`,
  ];
}

function runRow(cell, run) {
  return [
    [cell.variant, ...Object.entries(cell.point).map(([key, value]) => `${key} ${value}`)].join(
      ", ",
    ),
    String(run.seed),
    percent(run.test.acc),
    run.test.loss.toFixed(4),
    or(run.best.val_acc, percent),
    String(run.best.epoch),
    or(run.shift_consistency, percent),
    run.seconds.toFixed(1),
    whole(run.img_per_s),
    whole(run.peak_rss_mb),
    run.folder,
    run.weights.sha256,
  ];
}

for (const name of ["real", "grid", "many", "matrix", "incomplete"]) {
  test(`${name}: nets, pairs and runs are those of compare.json`, async () => {
    const { json, address } = report(name);
    const { page, close } = await open(address, READY);
    assert.deepEqual(await rowsOf(page, "#nets .nets"), json.cells.map(netRow));
    const here = JSON.stringify(json.cells[0].point);
    const is_here = ({ point }) => JSON.stringify(point) === here;
    const pairs = json.pairs.filter(is_here);
    assert.deepEqual(await rowsOf(page, "#significance .pairs"), pairs.map(pairRow));
    const runs = json.cells
      .filter(is_here)
      .flatMap((cell) => cell.runs.map((run) => runRow(cell, run)));
    assert.deepEqual(await rowsOf(page, "#seeds table"), runs);
    await close();
  });
}

test("a run has one value of each", async () => {
  const { json, address } = report("run");
  const { page, close } = await open(address, READY);
  const [cell] = json.cells;
  const row = netRow(cell, 0, json.cells);
  const one = (summary) => percent(summary.mean);
  const kept = [row[0], row[1], row[2], one(cell.test_acc), one(cell.val_acc), ...row.slice(8)];
  assert.deepEqual(await rowsOf(page, "#nets .nets"), [kept]);
  assert.deepEqual(await rowsOf(page, "#seeds .runs"), [runRow(cell, cell.runs[0])]);
  await close();
});

test("bold stands where the test shows something, and nowhere else", async () => {
  const bold = async (name) => {
    const { page, close } = await open(report(name).address, READY);
    const found = await page.$$eval("#nets tbody tr", (rows) =>
      rows.filter((row) => row.querySelector("td b")).map((row) => row.cells[0].textContent),
    );
    await close();
    return found;
  };
  assert.deepEqual(await bold("real"), []);
  // The second net beats the first, which beats the third.
  assert.deepEqual(await bold("many"), ["downsampling_word_2"]);
});

test("sentences, shown ones first", async () => {
  const { json, address } = report("many");
  const { page, close } = await open(address, READY);
  const said = await page.$$eval(".sentence", (all) => all.map((one) => one.textContent));
  assert.deepEqual(
    said,
    json.pairs.map(({ sentence }) => sentence),
  );
  assert.equal(await page.locator(".verdict.shown").count(), 2);
  // What the better one is ahead by, whichever side it stands on; else the first less the second.
  const numbers = await page.$$eval(".difference", (all) => all.map((one) => one.textContent));
  const ahead = [json.pairs[0].difference, -json.pairs[1].difference, json.pairs[2].difference];
  ahead.forEach((gain, i) => {
    const [low, high] = [gain - 0.011, gain + 0.011];
    const words = `95% interval ${points(low)} to ${points(high)}`;
    assert.equal(numbers[i], `${points(gain)} points${words}`);
  });
  assert.equal(await page.locator("details .verdict").count(), 17);
  await close();
});

test("configurations, data set and machine are those of compare.json", async () => {
  const { json, address } = report("real");
  const { page, close } = await open(address, READY);
  const rows = (await rowsOf(page, "#configuration .scroller:first-child")).map((row) =>
    row.slice(1),
  );
  const keys = Object.values(json.configuration);
  assert.deepEqual(
    rows,
    json.cells.map((_, i) => keys.map((values) => values[i] ?? "–")),
  );
  const { dataset } = json.cells[0].runs[0];
  const [set, machine] = [".scroller:nth-of-type(1)", ".scroller:nth-of-type(2)"];
  assert.deepEqual(await rowsOf(page, `#origin ${set}`), [
    [
      dataset.id,
      whole(dataset.train),
      whole(dataset.val),
      whole(dataset.test),
      dataset.source,
      dataset.sha256,
    ],
  ]);
  assert.deepEqual(
    await rowsOf(page, `#origin ${machine}`),
    Object.entries(json.environments[0]).map(([key, value]) => [key, String(value)]),
  );
  await close();
});

test("the point of the grid changes the charts", async () => {
  const { json, address } = report("grid");
  const { page, close } = await open(address, READY);
  await page.selectOption("#point", "2");
  const rows = await rowsOf(page, "#seeds table");
  assert.deepEqual(
    rows.map(([net, seed, accuracy]) => [net, seed, accuracy]),
    json.cells
      .filter(({ point }) => point["data.limit"] === "null")
      .flatMap((cell) =>
        cell.runs.map((run) => [
          `${cell.variant}, data.limit null, model.base C`,
          String(run.seed),
          percent(run.test.acc),
        ]),
      ),
  );
  await close();
});
