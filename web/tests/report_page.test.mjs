// What the report page is: one file that asks for nothing, whatever it shows.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { textOf, usePages } from "./browser.mjs";
import { HOSTILE, NAMES, report } from "./report_fixtures.mjs";

const open = usePages();
const READY = { ready: "#origin .commands" };
const MOST_BYTES = 3_000_000;

test("one file under a strict policy, with the notices of what is in it", () => {
  const { html } = report("real");
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)[1];
  assert.match(
    policy,
    /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; /,
  );
  assert.doesNotMatch(policy, /unsafe|https?:|data:/);
  assert.doesNotMatch(html, /<link|<img|src=|@import|url\([^#$]/);
  assert.match(html, /@observablehq\/plot 0\.6\.17 +Copyright 2020-2025 Observable, Inc\./);
  assert.match(html, /d3-scale [\d.]+ +Copyright [\d-]+ Mike Bostock/);
  assert.match(html, /Permission to use, copy, modify, and\/or distribute this software/);
});

test("weir compare and weir report make the same page", () => {
  const made = readFileSync(join(process.env.REPORTS, "report.html"), "utf8");
  assert.equal(report("real").html, made);
});

for (const name of NAMES) {
  test(`${name}: no error, no request, not too large`, async () => {
    const { html, address } = report(name);
    assert.ok(html.length < MOST_BYTES, `${html.length} bytes`);
    const { page, problems, close } = await open(address, READY);
    await page.evaluate(() => {
      for (const part of document.querySelectorAll("details")) part.open = true;
    });
    await page.setViewportSize({ width: 700, height: 900 });
    await page.waitForTimeout(100);
    assert.deepEqual(problems, []);
    assert.equal(await page.locator(".fault").count(), 0);
    await close();
  });
}

test("hostile names are texts", async () => {
  const { json, address } = report("hostile");
  const { page, close } = await open(address, READY);
  assert.equal(await textOf(page, "h1"), json.compare);
  assert.equal(await page.title(), `${json.compare}: a comparison`);
  assert.equal(await page.locator("img, script[src], iframe, [onerror]").count(), 0);
  const names = await page.$$eval("#nets tbody th", (cells) => cells.map((one) => one.textContent));
  assert.deepEqual(
    names,
    json.cells.map(({ variant }) => variant),
  );
  for (const place of ["#origin td", "#configuration td", "#failures td", ".sentence", ".notes"]) {
    assert.ok((await textOf(page, place)).includes(HOSTILE), place);
  }
  await close();
});

test("commands read back in a shell as they were given", async () => {
  const { json, address } = report("hostile");
  const { page, close } = await open(address, READY);
  const command = (await textOf(page, "#origin .command code")).split(" | ")[0];
  const { execFileSync } = await import("node:child_process");
  const script = `weir() { printf '%s\\n' "$@"; }; ${command}`;
  const words = execFileSync("bash", ["-c", script], { encoding: "utf8" });
  const given = ["compare", json.plan.file, ...json.plan.overrides];
  assert.equal(words, `${given.join("\n")}\n`);
  await close();
});

test("a page whose data nobody can read says so", async () => {
  const { html, address } = report("real");
  const { writeFileSync } = await import("node:fs");
  const { fileURLToPath } = await import("node:url");
  writeFileSync(fileURLToPath(address), html.replace('"cells":[', '"cell":['));
  const { page, close } = await open(address, { ready: ".fault" });
  assert.match(await textOf(page, ".fault"), /cannot show its data/);
  await close();
});

test("a comparison that is not complete says so first", async () => {
  const { page, close } = await open(report("incomplete").address, READY);
  assert.match(await textOf(page, ".banner"), /^Not complete: 3 runs are missing of 10\./);
  assert.equal(await page.locator(".verdict.untested").count(), 4);
  assert.match(await textOf(page, "#failures"), /2 restarts, 1 runs given up/);
  assert.match(await textOf(page, "#failures td"), /stuck at chance: made up/);
  await close();
});

test("sections without anything to show are left out", async () => {
  const { page, close } = await open(report("run").address, READY);
  const ids = await page.$$eval("main > section", (sections) => sections.map(({ id }) => id));
  assert.deepEqual(ids, ["answer", "nets", "curves", "seeds", "confusion", "filters", "origin"]);
  const links = await page.$$eval("#contents a", (all) => all.map((a) => a.getAttribute("href")));
  assert.deepEqual(
    links,
    ids.map((id) => `#${id}`),
  );
  await close();
});

test("on paper: light, without controls, everything open", async () => {
  const { page, close } = await open(report("real").address, { ...READY, scheme: "dark" });
  const ink = () => page.evaluate(() => getComputedStyle(document.body).color);
  assert.equal(await ink(), "rgb(233, 237, 244)");
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.equal(await ink(), "rgb(27, 35, 48)");
  assert.equal(await page.locator("#contents").isVisible(), false);
  assert.equal(await page.locator("#confusion .controls").isVisible(), false);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.locator("details:not([open])").count(), 0);
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 20_000);
  await close();
});
