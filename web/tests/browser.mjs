// The built pages in headless Chromium. Whatever they log as an error or ask for is collected.
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

// For the tests of one file: `open(address, options)` gives a page and what went wrong in it.
export function usePages() {
  let browser;
  before(async () => {
    const as_root = process.getuid() === 0 ? ["--no-sandbox"] : [];
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? pathOf("chromium"),
      args: [...ARGUMENTS, ...as_root],
    });
  });
  after(() => browser?.close());

  return async function open(
    address,
    { ready, scheme = "light", width = 1280, height = 900, ...more } = {},
  ) {
    const context = await browser.newContext({
      colorScheme: scheme,
      reducedMotion: "reduce",
      viewport: { width, height },
      ...more,
    });
    const page = await context.newPage();
    const problems = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      const own = request.url().split("#")[0] === address.split("#")[0];
      if (!own) problems.push(`request: ${request.url().slice(0, 100)}`);
    });
    await page.goto(address);
    await page.waitForSelector(ready);
    return { page, problems, close: () => context.close() };
  };
}

// The playground at `hash`.
export function useBrowser() {
  const open = usePages();
  return (hash = "", options = {}) => open(PAGE + hash, { ready: ".panel", ...options });
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
