// The licences of the packages that a page is made of, from the packages themselves.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = join(dirname(fileURLToPath(import.meta.url)), "node_modules");

// The names of the packages that these files come from, sorted. `inputs` as esbuild has them: files
// with the bytes of each that are used.
export function packagesIn(inputs) {
  const names = Object.entries(inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

function licenceOf(name) {
  const folder = join(modules, name);
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (!file) throw new Error(`${name} has no licence file`);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const text = readFileSync(join(folder, file), "utf8").trim();
  const lines = text.split("\n").map((line) => line.trim());
  const copyright = lines.filter((line) => line.startsWith("Copyright"));
  const terms = lines
    .filter((line) => !line.startsWith("Copyright"))
    .join("\n")
    .trim();
  return { name, version, copyright, terms };
}

const sameWords = (text) => text.replace(/\s+/g, " ");

// Packages with the same terms stand together, and the terms once.
export function noticesOf(packages) {
  const groups = new Map();
  for (const found of packages.map(licenceOf)) {
    const key = sameWords(found.terms);
    groups.set(key, [...(groups.get(key) ?? []), found]);
  }
  const parts = [...groups.values()].map((group) => {
    const lines = group.map(
      ({ name, version, copyright }) => `  ${name} ${version}  ${copyright.join("; ")}`,
    );
    return `${lines.join("\n")}\n\n${group[0].terms}\n`;
  });
  return `It also contains code of\n\n${parts.join("\n")}`;
}
