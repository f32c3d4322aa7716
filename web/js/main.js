// The page: one state, shown again after every change.
import { commandOf } from "./command.js";
import { explainGradient, explainValue, textOf } from "./explain.js";
import { Kernels } from "./kernels.js";
import { GridError, parseGrid, parseNumber, place } from "./numbers.js";
import { findOperator, usesWindow } from "./operators.js";
import { choiceOf, formatHash, parseHash } from "./state.js";
import { setText } from "./view/dom.js";
import { addLessons } from "./view/lesson_list.js";
import { Panel } from "./view/panel.js";
import { Playback } from "./view/playback.js";
import { Setup } from "./view/setup.js";
import { Toolbar } from "./view/toolbar.js";
import { walkPool } from "./walk.js";

const find = (id) => document.getElementById(id);

class Page {
  constructor(kernels) {
    this.kernels = kernels;
    this.grids = kernels.builtInGrids();
    this.live = find("live");
    const on = {
      input: (y, x, text) => this.#editInput(y, x, text),
      upstream: (side, y, x, text) => this.#editUpstream(side, y, x, text),
      option: (side, name, value) => this.#change((state) => (state[side].args[name] = value)),
    };
    this.panels = { a: new Panel("a", on), b: new Panel("b", on) };
    this.toolbar = new Toolbar(find("toolbar"), {
      operator: (side, id) => this.#change((state) => (state[side] = id && choiceOf(id))),
      mode: (mode) => this.#change((state) => (state.mode = mode)),
    });
    this.setup = new Setup(find("setup"), this.grids, {
      builtIn: (name) => this.#takeBuiltIn(name),
      rows: (text) => this.#takeRows(text),
      window: (name, direction, value) =>
        this.#change(({ window }) => (window[name][direction] = value)),
      ceil: (flag) => this.#change(({ window }) => (window.ceil = flag)),
    });
    this.playback = new Playback(find("playback"), (step) =>
      this.#change((state) => (state.step = step)),
    );
    addLessons(find("lessons"));
    this.#listen();
    this.read();
  }

  #listen() {
    addEventListener("hashchange", () => this.read());
    addEventListener("keydown", (event) => this.playback.press(event));
    addEventListener("resize", () => this.#arrange());
    document.querySelector("[data-skip]").addEventListener("click", (event) => {
      event.preventDefault();
      find("figure").focus();
    });
  }

  // Takes the state from the address.
  read() {
    const { state, problems } = parseHash(location.hash, this.grids);
    this.playback.stop();
    this.state = state;
    this.show();
    const complaint = `The address cannot be read whole: ${problems.join("; ")}.`;
    setText(this.setup.fault, problems.length > 0 ? complaint : "");
  }

  #change(edit) {
    edit(this.state);
    setText(this.setup.fault, "");
    this.show();
    history.replaceState(null, "", formatHash(this.state));
  }

  #takeBuiltIn(name) {
    const { rows } = this.grids.find((grid) => grid.name === name);
    this.#change((state) => Object.assign(state, { gridName: name, grid: parseGrid(rows) }));
  }

  #takeRows(text) {
    try {
      const grid = parseGrid(text);
      this.#change((state) => Object.assign(state, { gridName: null, grid }));
      return "";
    } catch (error) {
      if (!(error instanceof GridError)) throw error;
      return error.message;
    }
  }

  #editInput(y, x, text) {
    const value = parseNumber(text);
    const { grid } = this.state;
    if (value === null) return false;
    if (Object.is(grid.values[y * grid.w + x], value)) return true;
    this.#change((state) => {
      grid.values[y * grid.w + x] = value;
      state.gridName = null;
    });
    return true;
  }

  #editUpstream(side, y, x, text) {
    const value = parseNumber(text);
    if (value === null) return false;
    const { output, upstream } = this.walks[side];
    const values = upstream.slice();
    values[y * output.w + x] = value;
    this.#change((state) => (state[side].upstream = { h: output.h, w: output.w, values }));
    return true;
  }

  show() {
    const { state } = this;
    const sides = state.b ? ["a", "b"] : ["a"];
    this.walks = Object.fromEntries(
      sides.map((side) => [side, walkPool(this.kernels, { ...state, choice: state[side] })]),
    );
    const walks = Object.values(this.walks);
    const counts = walks.map(({ steps }) => steps?.length ?? 0);
    const count = Math.max(...counts);
    state.step = Math.max(Math.min(state.step, count - 1), 0);
    this.toolbar.update(state);
    this.setup.update(
      state,
      sides.some((side) => usesWindow(findOperator(state[side].op))),
    );
    this.#mount(sides.map((side) => this.panels[side].root));
    for (const side of sides) this.#showPanel(side);
    const longest = walks[counts.indexOf(count)];
    const step = longest.steps?.[state.step];
    this.playback.update({ step: state.step, count, place: step ? place(step.y, step.x) : "" });
    this.#announce(walks);
    this.#arrange();
  }

  // Leaves what is there in its place, so that nobody loses the field that they are in.
  #mount(roots) {
    const panels = find("panels");
    panels.classList.toggle("pair", roots.length > 1);
    for (const shown of [...panels.children]) if (!roots.includes(shown)) shown.remove();
    for (const root of roots) if (!root.isConnected) panels.append(root);
  }

  #showPanel(side) {
    const { state } = this;
    const walk = this.walks[side];
    const backward = state.mode === "backward";
    const command = walk.fault ? null : commandOf(walk, { ...state, backward });
    this.panels[side].update(walk, { step: state.step, backward, command });
  }

  #arrange() {
    for (const side of Object.keys(this.walks)) this.panels[side].arrange();
  }

  #announce(walks) {
    const backward = this.state.mode === "backward";
    const words = walks.map((walk) => {
      if (walk.fault) return walk.fault;
      const step = walk.steps[Math.min(this.state.step, walk.steps.length - 1)];
      const text = textOf(backward ? explainGradient(walk, step) : explainValue(walk, step));
      return `${walk.operator.name}, window ${step.at + 1} of ${walk.steps.length}: ${text}`;
    });
    setText(this.live, words.join(". "));
  }
}

const bytes = Uint8Array.from(atob(WASM_BASE64), (letter) => letter.charCodeAt(0));

Kernels.load(bytes).then(
  (kernels) => new Page(kernels),
  (error) => {
    const fault = document.createElement("p");
    fault.className = "fault";
    fault.textContent = `The kernels cannot start: ${error.message}. The playground needs a browser with WebAssembly SIMD.`;
    document.querySelector("main").prepend(fault);
  },
);
