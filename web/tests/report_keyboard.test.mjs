// The report without a mouse: sorting, choosing, reading.
import assert from "node:assert/strict";
import test from "node:test";
import { textOf, usePages } from "./browser.mjs";
import { report } from "./report_fixtures.mjs";

const open = usePages();
const READY = { ready: "#origin .commands" };

const firstColumn = (page) =>
  page.$$eval("#nets tbody th", (cells) => cells.map((one) => one.textContent));

test("Enter on a head sorts, and again the other way", async () => {
  const { json, address } = report("real");
  const { page, close } = await open(address, READY);
  const names = (compare) => [...json.cells].sort(compare).map(({ variant }) => variant);
  assert.deepEqual(
    await firstColumn(page),
    json.cells.map(({ variant }) => variant),
  );
  await page.focus("#nets th:has-text('MACs') button");
  await page.keyboard.press("Enter");
  assert.deepEqual(
    await firstColumn(page),
    names((a, b) => a.macs - b.macs),
  );
  assert.equal(await page.getAttribute("#nets th:has-text('MACs')", "aria-sort"), "ascending");
  await page.keyboard.press("Space");
  assert.deepEqual(
    await firstColumn(page),
    names((a, b) => b.macs - a.macs),
  );
  assert.equal(await page.getAttribute("#nets th:has-text('MACs')", "aria-sort"), "descending");
  await page.focus("#nets th:has-text('Test accuracy') button");
  await page.keyboard.press("Enter");
  const means = (a, b) => a.test_acc.mean - b.test_acc.mean;
  assert.deepEqual(await firstColumn(page), names(means));
  assert.equal(await page.getAttribute("#nets th:has-text('MACs')", "aria-sort"), "none");
  assert.equal(await page.locator("#nets [aria-sort]:not([aria-sort=none])").count(), 1);
  await close();
});

test("nets without a value come last, whichever way", async () => {
  const { json, address } = report("incomplete");
  const { page, close } = await open(address, READY);
  const nothing = json.cells.find(({ test_acc }) => test_acc === null).variant;
  await page.focus("#nets th:has-text('Test accuracy') button");
  for (let i = 0; i < 2; ++i) {
    await page.keyboard.press("Enter");
    assert.equal((await firstColumn(page)).at(-1), nothing);
  }
  await close();
});

test("the tab key reaches everything, and shows where it is", async () => {
  const { page, close } = await open(report("grid").address, READY);
  const stops = [];
  for (let i = 0; i < 150; ++i) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const { activeElement: at } = document;
      if (at === document.body) return null;
      const label =
        at.getAttribute("aria-label") ?? at.closest("label")?.textContent ?? at.textContent;
      return { label: label.trim(), visible: at.matches(":focus-visible") };
    });
    if (stop === null) break;
    stops.push(stop);
  }
  const labels = stops.map(({ label }) => label);
  for (const wanted of [
    "Skip to the answer",
    "Learning curves",
    "The nets, each over its seeds",
    "Parameters",
    "base",
    "Numbers of every run",
    "Pictures",
    "Copy",
  ]) {
    assert.ok(labels.includes(wanted), `${wanted} is not among ${labels.join("; ")}`);
  }
  assert.ok(labels.some((label) => label.startsWith("Charts at")));
  assert.ok(stops.every(({ visible }) => visible));
  await close();
});

test("the choice of a point keeps its place", async () => {
  const { page, close } = await open(report("grid").address, READY);
  await page.focus("#point");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.id), "point");
  assert.match(await textOf(page, "#seeds tbody tr:first-child th"), /data\.limit 400/);
  await close();
});
