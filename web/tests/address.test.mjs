// The address holds all that the page shows, and survives what people do to addresses.
import assert from "node:assert/strict";
import test from "node:test";
import { LESSONS } from "../js/lessons.js";
import { formatHash, parseHash } from "../js/state.js";
import { textOf, useBrowser } from "./browser.mjs";
import { loadKernels } from "./kernels.mjs";
import { ADDRESSES } from "./operators_shown.mjs";

const open = useBrowser();
const grids = (await loadKernels()).builtInGrids();

test("reading and writing are inverse", () => {
  for (const hash of [...ADDRESSES, ...LESSONS.map((lesson) => lesson.hash)]) {
    const { state, problems } = parseHash(hash, grids);
    assert.deepEqual(problems, [], hash);
    const again = parseHash(formatHash(state), grids);
    assert.deepEqual(again.state, state, hash);
    assert.equal(formatHash(again.state), formatHash(state));
  }
});

test("nonsense is named, and the rest is taken", () => {
  const { state, problems } = parseHash(
    "#a=maximum&b=lp&b.norm_type=two&kernel=2x&grid=1+2;+3&mode=sideways&step=-1&padding=1&constructor=1",
    grids,
  );
  assert.equal(problems.length, 4);
  assert.match(problems.join(), /maximum.*norm_type.*kernel|Row 2 has 1 numbers/);
  assert.equal(state.a.op, "max");
  assert.equal(state.b.op, "lp");
  assert.deepEqual(state.window.padding, [1, 1]);
  assert.equal(state.mode, "forward");
  assert.equal(state.step, 0);
});

test("what is set by hand comes back from the address", async () => {
  const { page, problems, close } = await open();
  await page.selectOption("#operator-b", "lp");
  await page.selectOption("label:has-text('Grid') select", "7x7");
  await page.fill("[aria-label='Padding, width']", "1");
  await page.check("label:has-text('ceil_mode') input");
  await page.fill("label:has-text('Power p') input", "3.5");
  await page.check("[value=backward]", { force: true });
  await page.fill(
    "[aria-labelledby=title-b] [aria-label='upstream gradient, row 0, column 1']",
    "0.5",
  );
  await page.keyboard.press("Enter");
  await page.click("[aria-label='Next window']");
  const shown = () => textOf(page, ".formula, .count, .shape-lines, .where");
  const before = await shown();
  const address = page.url();
  assert.match(address, /b\.norm_type=3\.5&b\.dy=1\+0\.5/);
  await page.goto("about:blank");
  await page.goto(address);
  await page.waitForSelector(".panel");
  assert.equal(await shown(), before);
  assert.deepEqual(problems, []);
  await close();
});

test("a hostile address is text, not markup", async () => {
  const evil = encodeURIComponent("</script><img src=x onerror=alert(1)>");
  const { page, problems, close } = await open(`#a=${evil}&grid=${evil}&b.norm_type=${evil}`);
  assert.equal(await page.$$eval("img", ({ length }) => length), 0);
  assert.match(await textOf(page, ".setup .fault"), /there is no operator “<\/script><img/);
  assert.equal(await textOf(page, ".panel h2"), "Max");
  assert.deepEqual(problems, []);
  await close();
});

test("names that every object has are no values", async () => {
  const { page, problems, close } = await open(
    "#a=fractional&a.regions=toString&b=avg&b.count_include_pad=constructor&grid=constructor",
  );
  const fault = await textOf(page, ".setup .fault");
  for (const name of ["regions", "count_include_pad", "constructor"]) {
    assert.ok(fault.includes(name), `${name}: ${fault}`);
  }
  assert.deepEqual(problems, []);
  await close();
});

test("every lesson can be followed", async () => {
  const { page, problems, close } = await open("#a=unheard-of"); // its complaint must go
  for (const { title } of LESSONS) {
    await page.click(`.lessons a:text-is("${title}")`);
    assert.equal(await textOf(page, ".fault:not(:empty)"), "");
    assert.notEqual(await textOf(page, ".formula"), "");
  }
  assert.deepEqual(problems, []);
  await close();
});
