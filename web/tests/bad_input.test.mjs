// A mistake is named with its numbers, and the page goes on.
import assert from "node:assert/strict";
import test from "node:test";
import { show, textOf, useBrowser } from "./browser.mjs";

const open = useBrowser();

const MISTAKES = [
  ["#a=max&padding=2", /height: padding 2 is more than half of the window's extent, ⌊2\/2⌋ = 1/],
  ["#a=max&kernel=9", /height: a window of extent 9 does not fit into 4 \+ 2·0 = 4 cells/],
  ["#a=max&kernel=2x5", /width: a window of extent 5 does not fit/],
  ["#a=max&stride=0", /stride .* at least 1 .* found kernel 2, stride 0/],
  [
    "#a=max&grid=5&kernel=2&dilation=3&padding=2",
    /window 0 lies outside its input: its cells, 3 apart/,
  ],
  ["#a=max&kernel=1000", /kernel: the page takes up to 16, found 1000/],
  ["#a=avg&dilation=2", /Average pooling has no dilation, as in PyTorch; found 2/],
  ["#a=lp&a.norm_type=0", /Power p must be above 0, found 0/],
  ["#a=lp&a.norm_type=-2", /Power p must be above 0, found -2/],
  ["#a=lse&a.beta=0", /Sharpness β must be above 0, found 0/],
  ["#a=mixed&a.share=1.5", /Share λ of the maximum must be between 0 and 1, found 1.5/],
  ["#a=adaptive_avg&a.out_h=0", /Output height must be between 1 and 12, found 0/],
  ["#a=adaptive_max&a.out_w=2.5", /Output width must be a whole number, found 2.5/],
  ["#a=fractional&a.out_h=4", /height: output 4 \+ kernel 2 − 1 = 5 is more than the input of 4/],
  [
    "#a=fractional&a.regions=disjoint&a.out_h=1",
    /between 1 and 2 times the output; found 4 \/ 1 = 4.00/,
  ],
  ["#a=conv&a.padding=2", /padding 2 is more than half of the window's extent, ⌊3\/2⌋ = 1/],
  [
    "#a=blur&a.filter_size=7&grid=1+2;+3+4",
    /A filter of 7 mirrors 3 cells, but the map has only 2/,
  ],
  ["#a=max_blur&a.kernel_size=5", /A kernel of 5 does not fit into a map of 4×4/],
  [
    "#a=max_blur&a.filter_size=7",
    /A filter of 7 mirrors 3 cells, but the map of maxima has only 3/,
  ],
  ["#a=gem&a.eps=0", /Least input ε must be above 0, found 0/],
  ["#a=lp&a.form=gaussian&a.sigma=0", /Width σ must be above 0, found 0/],
  ["#a=gated&a.padding=2", /padding 2 is more than half of the window's extent, ⌊2\/2⌋ = 1/],
  ["#a=scaled_avg&a.weight=5", /Weight w must be between -4 and 4, found 5/],
];

test("a clear message for each mistake, and the map stays", async () => {
  const { page, problems, close } = await open();
  for (const [hash, message] of MISTAKES) {
    await show(page, hash);
    assert.match(await textOf(page, ".panel .fault"), message);
    assert.match(await page.textContent("#live"), message);
    assert.ok(await page.isVisible(".left table"), hash);
  }
  assert.deepEqual(problems, []);
  await close();
});

test("the page recovers as soon as the number is right again", async () => {
  const { page, close } = await open("#a=max&b=avg");
  await page.fill("[aria-label='Padding, height']", "3");
  assert.match(await textOf(page, ".panel .fault"), /padding 3 is more than half/);
  await page.fill("[aria-label='Padding, height']", "");
  assert.ok(await page.$("[aria-label='Padding, height'][aria-invalid=true]"));
  await page.fill("[aria-label='Padding, height']", "1");
  assert.equal(await page.isVisible(".panel .fault"), false);
  assert.match(await textOf(page, ".where"), /Window 1 of 6/);
  await close();
});

test("one operator's mistake leaves the other one alone", async () => {
  const { page, close } = await open("#a=lp&a.norm_type=-1&b=max&step=3");
  assert.equal(await page.isVisible("[aria-labelledby=title-a] .fault"), true);
  assert.equal(await page.isVisible("[aria-labelledby=title-b] .fault"), false);
  assert.match(await textOf(page, ".where"), /Window 4 of 4/);
  await close();
});

test("a cell that is no number keeps its value", async () => {
  const { page, close } = await open("#a=max&step=3");
  const cell = "[aria-label='input, row 3, column 1']";
  await page.fill(cell, "eight");
  await page.keyboard.press("Enter");
  assert.equal(await page.getAttribute(cell, "aria-invalid"), "true");
  assert.equal(
    await page.$eval(".left tbody tr:last-child td:nth-child(3)", ({ dataset }) => dataset.exact),
    "8",
  );
  await page.fill(cell, "-inf");
  await page.keyboard.press("Enter");
  assert.equal(await page.getAttribute(cell, "aria-invalid"), null);
  assert.match(await textOf(page, ".formula"), /=/);
  await close();
});

test("rows that are no map are named", async () => {
  const { page, close } = await open();
  const rows = page.locator(".rows textarea");
  const fault = page.locator(".setup .fault");
  for (const [text, message] of [
    ["1 2\n3", /Row 2 has 1 numbers, the rows above have 2/],
    ["1 x", /Expected a number, found “x”/],
    ["", /Expected rows of numbers/],
    [Array(13).fill("1").join("\n"), /at most 12 rows and columns, found 13×1/],
  ]) {
    await rows.fill(text);
    await rows.blur();
    assert.match(await fault.textContent(), message);
  }
  await rows.fill("1 2 3\n4 5 6");
  await rows.blur();
  assert.equal(await fault.textContent(), "");
  assert.match(await textOf(page, ".panel caption"), /Input x, 2×3/);
  await close();
});
