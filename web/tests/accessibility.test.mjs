// axe finds nothing: for every operator, forward and backward, light and dark, wide and narrow.
import assert from "node:assert/strict";
import test from "node:test";
import { OPERATORS } from "../js/operators.js";
import { fits, violations } from "./axe.mjs";
import { show, useBrowser } from "./browser.mjs";

const open = useBrowser();
const FAULTY = "#a=max&b=lp&b.norm_type=-1&padding=3";
const OWN = ["", "#a=max&b=avg&padding=1&grid=6x6&kernel=3&mode=backward&step=4", FAULTY];
const each = OPERATORS.flatMap(({ id }) => [`#a=${id}`, `#a=${id}&mode=backward&step=1`]);

for (const scheme of ["light", "dark"]) {
  test(`axe, ${scheme}`, async () => {
    const { page, problems, close } = await open("", { scheme });
    for (const hash of [...OWN, ...each]) {
      await show(page, hash);
      assert.deepEqual(await violations(page), [], hash);
    }
    assert.deepEqual(problems, []);
    await close();
  });
}

test("axe on a narrow screen, and nothing is wider than it", async () => {
  const { page, close } = await open("#a=avg&b=max&grid=7x7&kernel=3&padding=1", { width: 360 });
  assert.deepEqual(await violations(page), []);
  assert.ok(await fits(page));
  await close();
});

test("every window is told to a screen reader", async () => {
  const { page, close } = await open("#a=max&b=avg");
  const live = page.locator("#live");
  assert.equal(await live.getAttribute("aria-live"), "polite");
  assert.equal(
    await live.textContent(),
    "Max, window 1 of 4: max(1, 3, 5, 6) = 6 at (1, 1). Average, window 1 of 4: (1 + 3 + 5 + 6) / 4 = 3.75",
  );
  await page.click("[aria-label='Next window']");
  assert.match(await live.textContent(), /window 2 of 4: max\(2, 4, 1, 2\) = 4 at \(0, 3\)/);
  await close();
});
