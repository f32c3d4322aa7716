// What the page is: one file that asks for nothing, and shows what a textbook shows.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { PAGE, mapNumbers, show, textOf, useBrowser } from "./browser.mjs";

const open = useBrowser();

test("one file under a strict policy", () => {
  const html = readFileSync(new URL(PAGE), "utf8");
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)[1];
  assert.match(policy, /^default-src 'none'; script-src 'sha256-/);
  assert.doesNotMatch(policy, /'unsafe-inline'|'unsafe-eval'|https?:/);
  assert.doesNotMatch(html, /<link|src=|@import|url\(/);
  assert.ok(html.length < 500_000, `${html.length} bytes`);
});

test("the 4x4 grid under max and average", async () => {
  const { page, problems, close } = await open("#a=max&b=avg&step=3");
  assert.deepEqual(await mapNumbers(page, "a", "right"), ["6", "4", "8", "6"]);
  assert.deepEqual(await mapNumbers(page, "b", "right"), ["3.75", "2.25", "5.25", "3.75"]);
  assert.deepEqual(problems, []);
  await close();
});

test("output (1, 0) shows 8, and from where", async () => {
  const { page, close } = await open("#a=max&step=2");
  assert.equal(await textOf(page, ".formula"), "y(1, 0) = max(7, 2, 4, 8) = 8 at (3, 1)");
  assert.equal(await page.$eval(".left .winner input", ({ value }) => value), "8");
  assert.equal(await page.$$eval(".left .seen", ({ length }) => length), 4);
  await close();
});

// Worked by hand for the window over 7, 2, 4 and 8; the maxima of the blur are 7, 6, 8 and 8.
const FORMULAS = {
  "#a=lp&a.norm_type=1&a.form=gaussian": "(0.25·7^1 + 0.25·2^1 + 0.25·4^1 + 0.25·8^1)^(1/1) = 5.25",
  "#a=gem&a.p=1&a.eps=4": "((7^1 + 4^1 + 4^1 + 8^1) / 4)^(1/1) = 5.75",
  "#a=gated": "0.5·max(7, 2, 4, 8) + (1 − 0.5)·(7 + 2 + 4 + 8) / 4 = 6.625",
  "#a=mixed&a.share=0.25": "0.25·max(7, 2, 4, 8) + (1 − 0.25)·(7 + 2 + 4 + 8) / 4 = 5.9375",
  "#a=scaled_avg&a.weight=2&a.bias=-1": "2·(7 + 2 + 4 + 8) / 4 + (−1) = 9.5",
  "#a=max_blur": "0.25·6 + 0.25·7 + 0.5·8 = 7.25",
};

test("the arithmetic in words has the numbers of the window", async () => {
  const { page, close } = await open();
  for (const [hash, words] of Object.entries(FORMULAS)) {
    await show(page, `${hash}&step=2`);
    assert.equal(await textOf(page, ".formula"), `y(1, 0) = ${words}`);
  }
  // PyTorch counts a window that overhangs as a whole one.
  await show(page, "#a=lp&a.form=sum&grid=3+4+2&kernel=1x2&stride=1x2&ceil=true&step=1");
  assert.equal(await textOf(page, ".formula"), "y(0, 1) = (2 / 1·(2^2))^(1/2) = 2.8284");
  await close();
});

test("where the terminal cannot follow, the page says why", async () => {
  const { page, close } = await open("#a=conv&b=gated");
  const said = () => textOf(page, ".command");
  assert.match(await said(), /no such operator\. \| In the terminal: weir pool gated_pool2d/);
  await show(page, "#a=gated&a.filter=1,0,0,0&b=gem");
  assert.match(await said(), /as it starts, not as it is here/);
  const shown = await page.$$eval("[aria-labelledby=title-b] .options input", (fields) =>
    fields.map(({ value }) => value),
  );
  assert.deepEqual(shown, ["3", "3", "1e-6"]);
  await close();
});

test("a gradient is said to be divided only where it is", async () => {
  const { page, close } = await open("#a=scaled_avg&a.weight=0.5&mode=backward");
  assert.equal(await textOf(page, ".formula"), "dy(0, 0) → 1 / 8 = 0.125 to each of 4 inputs");
  await show(page, "#a=scaled_avg&a.weight=2&mode=backward");
  assert.equal(await textOf(page, ".formula"), "dy(0, 0) → 1: 0.5 to each of 4 inputs");
  await show(page, "#a=max_blur&mode=backward");
  assert.equal(await textOf(page, ".formula"), "dy(0, 0) → 1: 0.75 to (1, 1), 0.25 to (2, 0)");
  await close();
});

test("backward: the router leaves 12 of 16 with nothing, the splitter none", async () => {
  const { page, close } = await open("#a=max&b=avg&mode=backward&step=3");
  assert.equal(
    await textOf(page, ".count"),
    "12 of 16 inputs get nothing | 0 of 16 inputs get nothing",
  );
  const max = await mapNumbers(page, "a", "left");
  assert.equal(max.filter((dx) => dx === "1").length, 4);
  assert.deepEqual(new Set(await mapNumbers(page, "b", "left")), new Set(["0.25"]));
  assert.equal(await page.$$eval("[aria-labelledby=title-a] path.ray", ({ length }) => length), 1);
  assert.equal(await page.$$eval("[aria-labelledby=title-b] path.ray", ({ length }) => length), 4);
  await close();
});

test("overlapping windows add up, and say so", async () => {
  const { page, close } = await open("#a=max&grid=6x6&kernel=3&padding=1&mode=backward&step=8");
  assert.match(await textOf(page, ".sums"), /\(3, 3\) 2 \+ 1 = 3/);
  assert.equal(await textOf(page, ".count"), "31 of 36 inputs get nothing");
  await close();
});

test("cells outside the map are drawn as what they count for", async () => {
  const outside = async (hash) => {
    const { page, close } = await open(hash);
    const texts = await page.$$eval(".left .outside .value", (cells) =>
      cells.map((one) => one.textContent),
    );
    await close();
    return [...new Set(texts)];
  };
  assert.deepEqual(await outside("#a=max&padding=1"), ["−∞"]);
  assert.deepEqual(await outside("#a=avg&padding=1"), ["0"]);
  assert.deepEqual(await outside("#a=avg&padding=1&a.count_include_pad=false"), ["–"]);
  assert.deepEqual(await outside("#a=avg&grid=7x7&ceil=true"), ["–"]);
});

test("the master formula with every number", async () => {
  const { page, close } = await open("#a=max&grid=7x7&kernel=3x2&stride=2&padding=1x0&ceil=true");
  const lines = await textOf(page, ".shape-lines li");
  assert.equal(
    lines,
    "height ⌈(7 + 2·1 − 1·(3−1) − 1) / 2⌉ + 1 = 4 | width ⌈(7 + 2·0 − 1·(2−1) − 1) / 2⌉ + 1 = 4",
  );
  assert.equal(await page.$$eval(".symbols tbody tr", ({ length }) => length), 5);
  await close();
});

test("nothing moves for who asked for less motion", async () => {
  const durations = async (motion) => {
    const { page, close } = await open();
    await page.emulateMedia({ reducedMotion: motion });
    const found = await page.$eval(".frame", (frame) => getComputedStyle(frame).transitionDuration);
    await close();
    return [...new Set(found.split(", "))];
  };
  assert.deepEqual(await durations("reduce"), ["0s"]);
  assert.deepEqual(await durations("no-preference"), ["0.25s"]);
});

test("playing goes to the last window and stops", async () => {
  const { page, close } = await open("#a=max&step=2");
  await page.clock.install();
  await page.click(".play");
  await page.clock.runFor(5000);
  assert.match(await textOf(page, ".where"), /Window 4 of 4/);
  assert.match(await textOf(page, ".play"), /Play/);
  await close();
});
