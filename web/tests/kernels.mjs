// The committed module, as the page loads it.
import { readFileSync } from "node:fs";
import { Kernels } from "../js/kernels.js";

export const loadKernels = () =>
  Kernels.load(readFileSync(new URL("../dist/pool.wasm", import.meta.url)));
