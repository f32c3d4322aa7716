// Builds web/dist: pool.wasm, playground.html and report.html. They are committed: nobody needs
// clang or npm to use them. `node build.mjs --out FOLDER` writes elsewhere, for comparing.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { noticesOf, packagesIn } from "./notices.mjs";

const web = dirname(fileURLToPath(import.meta.url));
const root = dirname(web);

// The library's files that the module is made of; the rest are headers.
const SOURCES = [
  "core/kernels/fractional_edges.cpp",
  "core/kernels/mirror.cpp",
  "core/kernels/pool/binomial.cpp",
  "core/kernels/pool/gaussian.cpp",
  "core/kernels/pool/geometry.cpp",
  "web/wasm/exports.cpp",
  "web/wasm/gated.cpp",
  "web/wasm/max_blur.cpp",
  "web/wasm/mirrored_blur.cpp",
  "web/wasm/mixture.cpp",
  "web/wasm/pass.cpp",
  "web/wasm/scaled_average.cpp",
];
const FLAGS = [
  "--target=wasm32-wasi",
  "-mexec-model=reactor",
  "-msimd128",
  "-std=c++20",
  "-Os",
  "-DNDEBUG",
  "-ffp-contract=off",
  "-fno-exceptions",
  "-fno-rtti",
  "-Wall",
  "-Wextra",
  "-Wshadow",
  "-Wconversion",
  "-Wno-sign-conversion",
  "-Wno-missing-field-initializers",
  "-Werror",
  "-Wl,--strip-all",
];

function buildWasm(out) {
  // Highway's headers alone: the others of /usr/include belong to another machine.
  const headers = mkdtempSync(join(tmpdir(), "weir-web-"));
  symlinkSync("/usr/include/hwy", join(headers, "hwy"));
  try {
    const compiler = process.env.WASM_CXX ?? "clang++-14";
    const args = [...FLAGS, `-I.`, "-isystem", headers, ...SOURCES, "-o", resolve(out)];
    execFileSync(compiler, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  } finally {
    rmSync(headers, { recursive: true });
  }
}

const read = (name) => readFileSync(join(web, name), "utf8");
const hashOf = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

// {text, packages}: what the browser gets, and whose code is in it.
function bundle(entry, options = {}) {
  const built = buildSync({
    entryPoints: [join(web, entry)],
    bundle: true,
    write: false,
    metafile: true,
    charset: "utf8",
    legalComments: "none",
    ...options,
  });
  const [{ inputs }] = Object.values(built.metafile.outputs);
  return { text: `\n${built.outputFiles[0].text}`, packages: packagesIn(inputs) };
}

// The page may run its own script and style, and nothing else; it may not ask for anything.
function policyOf(script, style, more) {
  return [
    "default-src 'none'",
    `script-src ${[hashOf(script), ...more].join(" ")}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

// Puts script, style and notices into the frame of a page.
function assemble(frame, { script, style, notices, allowed = [] }) {
  return read(frame)
    .replace("{{policy}}", () => policyOf(script, style, allowed))
    .replace("<!-- style -->", () => `<style>${style}</style>`)
    .replace("<!-- script -->", () => `<script>${script}</script>`)
    .replace("<!-- notices -->", () => `<!--\n${notices}-->`);
}

function buildPlayground(wasm) {
  const { text: script } = bundle("js/main.js", {
    format: "iife",
    target: "es2022",
    define: { WASM_BASE64: JSON.stringify(readFileSync(wasm).toString("base64")) },
  });
  return assemble("playground.html", {
    script,
    style: bundle("css/main.css").text,
    notices: read("NOTICES.txt"),
    allowed: ["'wasm-unsafe-eval'"],
  });
}

// Weir puts the numbers of a comparison where it says {{data}}.
function buildReport() {
  const { text, packages } = bundle("report/js/main.js", {
    format: "iife",
    target: "es2022",
    minify: true,
  });
  const page = assemble("report/report.html", {
    script: text,
    style: bundle("report/css/main.css").text,
    notices: `The report page of Weir, Copyright (c) 2026 The Weir authors, MIT License.\n${noticesOf(packages)}`,
  });
  const data = '<script type="application/json" id="data">{{data}}</script>';
  return page.replace("<!-- data -->", () => data);
}

const given = process.argv.indexOf("--out");
const out = given < 0 ? join(web, "dist") : resolve(process.argv[given + 1]);
mkdirSync(out, { recursive: true });
const wasm = join(out, "pool.wasm");
buildWasm(wasm);
chmodSync(wasm, 0o644);
writeFileSync(join(out, "playground.html"), buildPlayground(wasm));
writeFileSync(join(out, "report.html"), buildReport());
