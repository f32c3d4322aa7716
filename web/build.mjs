// Builds web/dist/pool.wasm and web/dist/playground.html. Both are committed: nobody needs clang or
// npm to use them. `node build.mjs --out FOLDER` writes elsewhere, for comparing.
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

function bundle(entry, options = {}) {
  const built = buildSync({
    entryPoints: [join(web, entry)],
    bundle: true,
    write: false,
    charset: "utf8",
    legalComments: "none",
    ...options,
  });
  return `\n${built.outputFiles[0].text}`;
}

// The page may run its own script and style, and nothing else; it may not ask for anything.
function policyOf(script, style) {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function buildPage(wasm) {
  const script = bundle("js/main.js", {
    format: "iife",
    target: "es2022",
    define: { WASM_BASE64: JSON.stringify(readFileSync(wasm).toString("base64")) },
  });
  const style = bundle("css/main.css");
  return read("playground.html")
    .replace("{{policy}}", () => policyOf(script, style))
    .replace("<!-- style -->", () => `<style>${style}</style>`)
    .replace("<!-- script -->", () => `<script>${script}</script>`)
    .replace("<!-- notices -->", () => `<!--\n${read("NOTICES.txt")}-->`);
}

const given = process.argv.indexOf("--out");
const out = given < 0 ? join(web, "dist") : resolve(process.argv[given + 1]);
mkdirSync(out, { recursive: true });
const wasm = join(out, "pool.wasm");
buildWasm(wasm);
chmodSync(wasm, 0o644);
writeFileSync(join(out, "playground.html"), buildPage(wasm));
