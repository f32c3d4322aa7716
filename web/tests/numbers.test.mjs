// What the page shows is what `weir pool` says: every operator, by the command that the page names.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import test from "node:test";
import { mapNumbers, show, textOf, useBrowser } from "./browser.mjs";
import { loadKernels } from "./kernels.mjs";
import { formatGrid, parseGrid } from "../js/numbers.js";
import { ADDRESSES, LEARNED } from "./operators_shown.mjs";

const open = useBrowser();
const weir = process.env.WEIR;
assert.ok(weir && existsSync(weir), "WEIR: expected the path of the weir command");

const NAMED = { nan: NaN, inf: Infinity, "-inf": -Infinity };
const readNumber = (text) => Math.fround(text in NAMED ? NAMED[text] : Number(text));

// The arguments of a shell command, whose only quotes are around rows.
const split = (command) => command.match(/"[^"]*"|\S+/g).map((word) => word.replaceAll('"', ""));

function walk(command) {
  const [, ...words] = split(command);
  const lines = execFileSync(weir, [...words, "--json"], { encoding: "utf8" })
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line));
}

// The same bits where nothing is rounded; else 2^-19, some roundings of a float: WebAssembly has no
// fused multiply-add, which the command may use in e^x and log.
const EXACT = /^#a=(max|avg|adaptive_max|fractional)(&|$)|phase=train/;
function assertSame(shown, said, hash) {
  const expected = said.flat().map((value) => Math.fround(value ?? NaN));
  assert.equal(shown.length, expected.length, hash);
  shown.map(readNumber).forEach((found, i) => {
    const near = Math.abs(found - expected[i]) <= 2 ** -19 * Math.max(1, Math.abs(expected[i]));
    const same = Object.is(found + 0, expected[i] + 0);
    assert.ok(
      same || (near && !EXACT.test(hash)),
      `${hash}: ${found} is not ${expected[i]} at ${i}`,
    );
  });
}

async function compare(page, hash) {
  await show(page, `${hash}&mode=backward`);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("End");
  const command = await textOf(page, ".command code");
  if (command === "") return false;
  const events = walk(command);
  const result = events.at(-1);
  assertSame(await mapNumbers(page, "a", "left"), result.input_gradient, hash);
  await page.check("[value=forward]", { force: true });
  assertSame(await mapNumbers(page, "a", "right"), result.output, hash);
  assertSame(await mapNumbers(page, "a", "left"), events[0].input, hash);
  return true;
}

test("every operator shows what weir pool says", async (t) => {
  const { page, problems, close } = await open();
  const without = [];
  for (const hash of ADDRESSES) {
    if (!(await compare(page, hash))) without.push(hash);
  }
  assert.deepEqual(without, LEARNED, "these have no command");
  assert.deepEqual(problems, []);
  t.diagnostic(`${ADDRESSES.length - without.length} walks compared`);
  await close();
});

test("the grids are those of weir pool", async () => {
  for (const { name, rows } of (await loadKernels()).builtInGrids()) {
    const said = walk(`weir pool max --grid ${name}`)[0].input;
    assert.equal(formatGrid(parseGrid(rows)), said.map((row) => row.join(" ")).join("; "));
  }
});
