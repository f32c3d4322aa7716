// The drawings hold what they should: counted in the SVG.
import assert from "node:assert/strict";
import test from "node:test";
import { textOf, usePages } from "./browser.mjs";
import { report } from "./report_fixtures.mjs";

const open = usePages();
const READY = { ready: "#origin .commands" };

// How many elements each drawing below `selector` has for `mark`.
const counts = (page, selector, mark) =>
  page.$$eval(
    `${selector} svg.plot`,
    (all, inner) => all.map((svg) => svg.querySelectorAll(inner).length),
    mark,
  );

const BAND = "path[fill-opacity], g[fill-opacity] > path:not([stroke])";
const LINE = "g[fill=none][stroke-width='2'] > path";

test("a line and a band for each net in both curves", async () => {
  const { json, address } = report("real");
  const { page, close } = await open(address, READY);
  const nets = json.cells.length;
  assert.deepEqual(await counts(page, "#curves", LINE), [nets, nets]);
  assert.deepEqual(await counts(page, "#curves", BAND), [nets, nets]);
  await page.uncheck("#curves .legend label:first-of-type input");
  assert.deepEqual(await counts(page, "#curves", LINE), [nets - 1, nets - 1]);
  await page.check("#curves .legend label:first-of-type input");
  assert.deepEqual(await counts(page, "#curves", LINE), [nets, nets]);
  await close();
});

test("many nets get a drawing each, with all others behind", async () => {
  const { json, address } = report("many");
  const { page, close } = await open(address, READY);
  const nets = json.cells.length;
  const each = (count) => new Array(2 * nets).fill(count);
  assert.deepEqual(await counts(page, "#curves", LINE), each(1));
  assert.deepEqual(await counts(page, "#curves", BAND), each(1));
  assert.deepEqual(await counts(page, "#curves", "[stroke='var(--others)'] path"), each(nets - 1));
  await close();
});

test("a dot for each run, and a stroke for each mean", async () => {
  const { json, address } = report("real");
  const { page, close } = await open(address, READY);
  const runs = json.cells.reduce((sum, cell) => sum + cell.runs.length, 0);
  for (const section of ["#seeds", "#shift"]) {
    assert.deepEqual(
      await counts(page, section, "g[stroke-width='1.5'] > path, g[stroke-width='1.5'] > circle"),
      [runs],
    );
    assert.deepEqual(await counts(page, section, "g[stroke-width='3'] > line"), [
      json.cells.length,
    ]);
  }
  await close();
});

test("a row for each pair, or a matrix of both ways round", async () => {
  const forest = report("many");
  const first = await open(forest.address, READY);
  const dots = await counts(first.page, "#significance", "g[stroke-width='2'] > circle");
  assert.deepEqual(dots, [forest.json.pairs.length]);
  await first.close();
  const matrix = report("matrix");
  const second = await open(matrix.address, READY);
  assert.deepEqual(await counts(second.page, "#significance", "g[stroke-width='1.5'] > rect"), [
    2 * matrix.json.pairs.length,
  ]);
  await second.close();
});

test("a cell for each pair of classes, whose numbers sum to the test pictures", async () => {
  const { json, address } = report("real");
  const { page, close } = await open(address, READY);
  const classes = json.cells[0].runs[0].classes.length;
  const cells = await counts(page, "#confusion", "g[fill='var(--heat)'] > rect");
  assert.deepEqual(
    cells,
    json.cells.map(() => classes ** 2),
  );
  const numbers = await page.$$eval("#confusion svg.plot", (all) =>
    all.map((svg) =>
      [...svg.querySelectorAll("g[font-size='12'] > text")].map((one) => Number(one.textContent)),
    ),
  );
  numbers.forEach((found, i) => {
    const { runs } = json.cells[i];
    const summed = runs[0].confusion.map((row, t) =>
      row.map((_, taken) => runs.reduce((sum, run) => sum + run.confusion[t][taken], 0)),
    );
    assert.deepEqual(found, summed.flat());
    const all = found.reduce((sum, count) => sum + count, 0);
    assert.equal(
      all,
      runs.reduce((sum, run) => sum + run.dataset.test, 0),
    );
  });
  await page.check("text=% of the row", { force: true });
  const shares = await page.$$eval("#confusion svg.plot", ([svg]) =>
    [...svg.querySelectorAll("g[font-size='12'] > text")].map((one) => Number(one.textContent)),
  );
  for (let row = 0; row < classes; ++row) {
    const sum = shares.slice(row * classes, (row + 1) * classes).reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - 100) <= classes / 2, `row ${row}: ${sum}%`); // each is rounded by 0.5
  }
  await close();
});

test("the filters of every layer with a stride", async () => {
  const { json, address } = report("real");
  const { page, close } = await open(address, READY);
  const nets = json.cells.filter(({ filters }) => filters);
  assert.deepEqual(
    nets.map(({ variant }) => variant),
    ["strided", "all_conv"],
  );
  const layers = nets.flatMap(({ filters }) => filters.layers);
  assert.equal(await page.locator("#filters .layer").count(), layers.length);
  const examples = await page.$$eval("#filters .examples", (all) =>
    all.map((one) => one.querySelectorAll(".tile").length),
  );
  assert.deepEqual(
    examples,
    layers.map((layer) => layer.examples.length),
  );
  assert.equal(await page.locator("#filters .histograms svg.plot").count(), 3 * layers.length);
  const words = await page.$$eval("#filters figcaption b", (all) =>
    all.map((one) => one.textContent),
  );
  assert.deepEqual(words.slice(0, 3), ["box", "binomial", "delta"]);
  const box = await page.$$eval("#filters .beside .tile", ([tile]) =>
    [...tile.querySelectorAll("text")].map((one) => one.textContent),
  );
  assert.deepEqual(box, new Array(9).fill("0.11"));
  await close();
});

test("every chart has a title, a caption and its words", async () => {
  const { page, close } = await open(report("grid").address, READY);
  const charts = await page.$$eval("figure.chart", (all) =>
    all.map((figure) => ({
      title: figure.querySelector("h3, h5")?.textContent ?? "",
      caption: figure.querySelector("figcaption").textContent,
      words: figure.querySelector("svg.plot").getAttribute("aria-label"),
    })),
  );
  assert.ok(charts.length >= 10);
  for (const { title, caption, words } of charts) {
    assert.ok(title.length > 3, title);
    assert.ok(caption.length > 10, title);
    assert.ok(words.startsWith(`${title}. `) && words.length > title.length + 10, words);
  }
  assert.match(
    await textOf(page, "#grid h3"),
    /^Test accuracy by training pictures \(at model\.base C\)$/,
  );
  await close();
});

test("a tip says what the pointer is near", async () => {
  const { json, address } = report("real");
  const { page, close } = await open(address, READY);
  const best = [...json.cells].sort((a, b) => b.test_acc.mean - a.test_acc.mean)[0];
  const dot = page.locator("#seeds g[stroke-width='1.5'] > *").first();
  await dot.scrollIntoViewIfNeeded();
  await dot.hover({ force: true });
  const tip = await textOf(page, "#seeds svg.plot > g:last-of-type");
  assert.ok(
    json.cells.some(({ variant }) => tip.includes(variant)),
    `${tip}, ${best.variant}`,
  );
  assert.match(tip, /seed \d: \d+\.\d\d/);
  await close();
});
