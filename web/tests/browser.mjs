// The built page in headless Chromium. Whatever it logs as an error or asks for is collected.
import { execFileSync } from "node:child_process";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

export const PAGE = new URL("../dist/playground.html", import.meta.url).href;

const ARGUMENTS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// Of a program in PATH.
const pathOf = (program) => execFileSync("which", [program], { encoding: "utf8" }).trim();

// For the tests of one file: `open(hash, options)` gives a page and what went wrong in it.
export function useBrowser() {
  let browser;
  before(async () => {
    const as_root = process.getuid() === 0 ? ["--no-sandbox"] : [];
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? pathOf("chromium"),
      args: [...ARGUMENTS, ...as_root],
    });
  });
  after(() => browser?.close());

  return async function open(hash = "", { scheme = "light", width = 1280, height = 900 } = {}) {
    const context = await browser.newContext({
      colorScheme: scheme,
      reducedMotion: "reduce",
      viewport: { width, height },
    });
    const page = await context.newPage();
    const problems = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      const own = request.url().split("#")[0] === PAGE;
      if (!own) problems.push(`request: ${request.url().slice(0, 100)}`);
    });
    await page.goto(PAGE + hash);
    await page.waitForSelector(".panel");
    return { page, problems, close: () => context.close() };
  };
}

// Another address in the same page.
export async function show(page, hash) {
  await page.evaluate((to) => {
    const read = new Promise((done) => addEventListener("hashchange", done, { once: true }));
    if (location.hash === to) return null;
    location.hash = to;
    return read;
  }, hash);
}

// The numbers of a map, row by row, with all digits; "" where it is not known yet.
export const mapNumbers = (page, side, name) =>
  page.$$eval(`[aria-labelledby=title-${side}] .${name} tbody td:not(.outside)`, (cells) =>
    cells.map(({ dataset }) => dataset.exact),
  );

export const textOf = (page, selector) =>
  page.$$eval(selector, (found) => found.map(({ textContent }) => textContent.trim()).join(" | "));
