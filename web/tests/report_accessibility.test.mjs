// axe finds nothing in any report, light and dark, wide and narrow; nothing is wider than the screen.
import assert from "node:assert/strict";
import test from "node:test";
import { fits, violations } from "./axe.mjs";
import { usePages } from "./browser.mjs";
import { NAMES, report } from "./report_fixtures.mjs";

const open = usePages();
const READY = { ready: "#origin .commands" };

for (const scheme of ["light", "dark"]) {
  for (const name of NAMES) {
    test(`axe, ${scheme}, ${name}`, async () => {
      const { page, close } = await open(report(name).address, { ...READY, scheme });
      assert.deepEqual(await violations(page), []);
      await page.evaluate(() => {
        for (const part of document.querySelectorAll("details")) part.open = true;
      });
      assert.deepEqual(await violations(page), []);
      await close();
    });
  }
}

for (const name of NAMES) {
  test(`narrow, ${name}`, async () => {
    const { page, close } = await open(report(name).address, { ...READY, width: 360 });
    assert.deepEqual(await violations(page), []);
    assert.ok(await fits(page));
    await close();
  });
}

test("axe with a tip shown", async () => {
  const { page, close } = await open(report("real").address, READY);
  const dot = page.locator("#seeds g[stroke-width='1.5'] > *").first();
  await dot.scrollIntoViewIfNeeded();
  await dot.hover({ force: true });
  assert.deepEqual(await violations(page), []);
  await close();
});
