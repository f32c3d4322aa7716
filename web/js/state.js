// What the page shows, and the same as the part of its address behind the #.
import { OPERATORS, defaultOptions, findOperator } from "./operators.js";
import { GridError, exactNumber, formatGrid, parseGrid, parseNumber } from "./numbers.js";

const MODES = ["forward", "backward"];

const defaultWindow = () => ({
  kernel: [2, 2],
  stride: [2, 2],
  padding: [0, 0],
  dilation: [1, 1],
  ceil: false,
});

export const choiceOf = (op) => ({ op, args: defaultOptions(findOperator(op)), upstream: null });

// grids: the built-in ones, {name, rows}.
function defaultState(grids) {
  return {
    gridName: grids[0].name, // null: a grid of one's own
    grid: parseGrid(grids[0].rows),
    window: defaultWindow(),
    mode: "forward",
    step: 0,
    a: choiceOf("max"),
    b: null,
  };
}

const writePair = ([h, w]) => (h === w ? String(h) : `${h}x${w}`);

function readPair(text) {
  const match = /^(-?\d{1,6})(?:x(-?\d{1,6}))?$/.exec(text);
  return match && [Number(match[1]), Number(match[2] ?? match[1])];
}

function writeOption(value) {
  if (Array.isArray(value)) return value.map(exactNumber).join(",");
  return typeof value === "number" ? exactNumber(value) : String(value);
}

// undefined for what the option does not take.
function readOption(option, text) {
  if (option.type === "choice") return Object.hasOwn(option.choices, text) ? text : undefined;
  if (option.type === "flag") return text === "true" ? true : text === "false" ? false : undefined;
  if (option.type === "filter") {
    const weights = text.split(",").map(parseNumber);
    const fits = weights.length === option.side ** 2 && !weights.includes(null);
    return fits ? weights : undefined;
  }
  const value = Number(text);
  return text !== "" && Number.isFinite(value) ? value : undefined;
}

function writeChoice(fields, side, choice) {
  fields.push([side, choice.op]);
  const operator = findOperator(choice.op);
  for (const option of operator.options) {
    const text = writeOption(choice.args[option.name]);
    if (text !== writeOption(option.value)) fields.push([`${side}.${option.name}`, text]);
  }
  if (choice.upstream) fields.push([`${side}.dy`, formatGrid(choice.upstream)]);
}

// "#a=max&grid=4x4&kernel=2&step=1".
export function formatHash(state) {
  const fields = [];
  writeChoice(fields, "a", state.a);
  if (state.b) writeChoice(fields, "b", state.b);
  fields.push(["grid", state.gridName ?? formatGrid(state.grid)]);
  const usual = defaultWindow();
  for (const name of ["kernel", "stride", "padding", "dilation"]) {
    const text = writePair(state.window[name]);
    if (text !== writePair(usual[name])) fields.push([name, text]);
  }
  if (state.window.ceil) fields.push(["ceil", "true"]);
  if (state.mode !== "forward") fields.push(["mode", state.mode]);
  if (state.step > 0) fields.push(["step", String(state.step)]);
  return `#${fields.map(([name, text]) => `${name}=${encode(text)}`).join("&")}`;
}

const encode = (text) =>
  encodeURIComponent(text).replace(/%20/g, "+").replace(/%2C/g, ",").replace(/%3B/g, ";");

function readChoice(fields, side, problems) {
  if (!fields.has(side)) return null;
  const op = fields.get(side);
  if (!findOperator(op)) {
    problems.push(
      `there is no operator “${op}”; there are ${OPERATORS.map(({ id }) => id).join(", ")}`,
    );
    return null;
  }
  const choice = choiceOf(op);
  for (const option of findOperator(op).options) {
    const name = `${side}.${option.name}`;
    if (!fields.has(name)) continue;
    const value = readOption(option, fields.get(name));
    if (value === undefined) problems.push(`${name} cannot be “${fields.get(name)}”`);
    else choice.args[option.name] = value;
  }
  if (fields.has(`${side}.dy`)) choice.upstream = readGrid(fields.get(`${side}.dy`), problems);
  return choice;
}

function readGrid(text, problems) {
  try {
    return parseGrid(text);
  } catch (error) {
    if (!(error instanceof GridError)) throw error;
    problems.push(error.message);
    return null;
  }
}

function readMap(fields, grids, state, problems) {
  const text = fields.get("grid");
  const builtIn = grids.find(({ name }) => name === text);
  const grid = builtIn ? parseGrid(builtIn.rows) : readGrid(text, problems);
  if (grid) Object.assign(state, { grid, gridName: builtIn ? builtIn.name : null });
}

// {state, problems}: what cannot be used is said and left at its default.
export function parseHash(hash, grids) {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const state = defaultState(grids);
  const problems = [];
  if (fields.has("grid")) readMap(fields, grids, state, problems);
  state.a = readChoice(fields, "a", problems) ?? state.a;
  state.b = readChoice(fields, "b", problems);
  for (const name of ["kernel", "stride", "padding", "dilation"]) {
    if (!fields.has(name)) continue;
    const pair = readPair(fields.get(name));
    if (pair) state.window[name] = pair;
    else problems.push(`${name} cannot be “${fields.get(name)}”`);
  }
  state.window.ceil = fields.get("ceil") === "true";
  if (MODES.includes(fields.get("mode"))) state.mode = fields.get("mode");
  if (/^\d{1,4}$/.test(fields.get("step") ?? "")) state.step = Number(fields.get("step"));
  return { state, problems };
}
