// Everything without a mouse.
import assert from "node:assert/strict";
import test from "node:test";
import { mapNumbers, textOf, useBrowser } from "./browser.mjs";

const open = useBrowser();

const where = (page) => textOf(page, ".where");

test("arrows, Home, End and Space walk over the windows", async () => {
  const { page, close } = await open();
  const press = (key) => page.keyboard.press(key);
  await press("ArrowRight");
  assert.match(await where(page), /Window 2 of 4: output \(0, 1\)/);
  await press("End");
  assert.match(await where(page), /Window 4 of 4: output \(1, 1\)/);
  await press("ArrowRight");
  assert.match(await where(page), /Window 4 of 4/);
  await press("ArrowLeft");
  assert.match(await where(page), /Window 3 of 4: output \(1, 0\)/);
  await press("Home");
  assert.match(await where(page), /Window 1 of 4: output \(0, 0\)/);
  await press(" ");
  assert.match(await textOf(page, ".play"), /Pause/);
  await press(" ");
  assert.match(await textOf(page, ".play"), /Play/);
  await close();
});

// What the tab key reaches, in order.
async function tabStops(page, most) {
  const stops = [];
  for (let i = 0; i < most; ++i) {
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
  return stops;
}

test("the tab key reaches everything once, and shows where it is", async () => {
  const { page, close } = await open("#a=lp&b=avg");
  const stops = await tabStops(page, 80);
  const labels = stops.map(({ label }) => label);
  for (const wanted of [
    "Skip to the figure",
    "Forward: values",
    "Kernel, height",
    "Dilation, width",
    "Power p, slider",
    "input, row 0, column 0",
    "First window",
    "Play",
    "Window",
    "Router and splitter",
  ]) {
    assert.ok(labels.includes(wanted), `${wanted} is not among ${labels.join("; ")}`);
  }
  // A map is one stop; its arrows do the rest. Two maps, as there are two operators.
  assert.equal(labels.filter((label) => label.startsWith("input, row")).length, 2);
  assert.ok(stops.every(({ visible }) => visible));
  await close();
});

test("arrows move inside a map, and typing changes it", async () => {
  const { page, close } = await open("#a=max&step=3");
  await page.focus("[aria-label='input, row 0, column 0']");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  assert.equal(
    await page.evaluate(() => document.activeElement.ariaLabel),
    "input, row 1, column 1",
  );
  await page.keyboard.type("9");
  await page.keyboard.press("Enter");
  assert.deepEqual(await mapNumbers(page, "a", "right"), ["9", "4", "8", "6"]);
  assert.match(await where(page), /Window 4 of 4/);
  assert.equal(
    await page.evaluate(() => document.activeElement.ariaLabel),
    "input, row 1, column 1",
  );
  assert.match(page.url(), /grid=1\+3\+2\+4;\+5\+9/);
  await close();
});

test("operators, directions and options by keys alone", async () => {
  const { page, close } = await open("#step=3");
  await page.focus("#operator-a");
  await page.keyboard.type("Average");
  assert.equal(await textOf(page, ".panel h2"), "Average");
  await page.focus("[name=mode]:checked");
  await page.keyboard.press("ArrowRight");
  assert.equal(await textOf(page, ".count"), "0 of 16 inputs get nothing");
  await page.focus("[aria-label='upstream gradient, row 1, column 1']");
  await page.keyboard.type("-8");
  await page.keyboard.press("Enter");
  assert.equal((await mapNumbers(page, "a", "left")).at(-1), "-2");
  await page.focus("[aria-label='Kernel, height']");
  await page.keyboard.press("ArrowUp");
  assert.match(page.url(), /kernel=3x2/);
  await close();
});

test("the link over everything leads to the figure", async () => {
  const { page, close } = await open("#a=avg");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "figure");
  assert.match(page.url(), /#a=avg$/);
  await close();
});
