// One operator: its options, both maps with what connects them, and the arithmetic in words.
import { explainGradient, explainSum, explainValue } from "../explain.js";
import { say } from "../operators.js";
import { explainShape } from "../shape.js";
import { element, pieces, setText } from "./dom.js";
import { fitCells } from "./fit.js";
import { GridTable } from "./grid_table.js";
import { frameOf, gradientLook, inputLook, outputLook, reachOf, upstreamLook } from "./maps.js";
import { OptionFields } from "./option_fields.js";
import { ShapeTable } from "./shape_table.js";
import { Wires } from "./wires.js";

const PADDING = 40; // pixels of the panel, left and right

export class Panel {
  // side: "a" or "b". on: {input(y, x, text), upstream(side, y, x, text), option(side, name, value)}.
  constructor(side, on) {
    this.side = side;
    this.title = element("h2", { id: `title-${side}` });
    this.options = new OptionFields((name, value) => on.option(side, name, value));
    this.left = new GridTable({ name: "left", onEdit: on.input });
    this.right = new GridTable({
      name: "right",
      onEdit: (y, x, text) => on.upstream(side, y, x, text),
    });
    this.stage = element("div", { class: "stage" }, this.left.root, this.right.root);
    this.wires = new Wires(this.stage);
    this.formula = element("p", { class: "formula" });
    this.sums = element("p", { class: "sums" });
    this.tally = element("div", { class: "tally" });
    this.note = element("p", { class: "outside-note" });
    this.fault = element("p", { class: "fault", role: "alert" });
    this.rule = element("p", { class: "rule" });
    this.idea = element("p", { class: "idea" });
    this.shape = new ShapeTable();
    this.command = element("p", { class: "command" });
    this.lead = element("div", { class: "lead" }, this.stage, this.shape.root);
    this.root = element(
      "section",
      { class: "panel", "aria-labelledby": `title-${side}` },
      element("div", { class: "panel-head" }, this.title, this.options.root),
      this.fault,
      this.lead,
      this.formula,
      this.sums,
      this.tally,
      this.note,
      element("div", { class: "words" }, this.rule, this.idea),
      this.command,
    );
  }

  // step: the number of the window; the last one where there are fewer.
  update(walk, { step, backward, command }) {
    this.walk = walk;
    setText(this.title, walk.operator.name);
    this.options.update(walk.operator, walk.args);
    this.#showWords(walk);
    this.root.classList.toggle("faulty", walk.fault !== "");
    setText(this.fault, walk.fault);
    if (walk.fault) return this.#showInputOnly(walk);
    this.step = walk.steps[Math.min(step, walk.steps.length - 1)];
    this.backward = backward;
    this.root.classList.toggle("backward", backward);
    this.#showMaps(walk, this.step, backward);
    this.#showArithmetic(walk, this.step, backward);
    this.shape.update(explainShape(walk));
    this.command.replaceChildren(...commandPieces(command, walk.operator));
  }

  // Sizes the cells and draws the frame and the wires: after the panel has its place.
  arrange() {
    this.#fit();
    this.left.placeFrame();
    if (this.walk.fault) return this.wires.clear();
    const { step, walk } = this;
    const output = this.right.cellAt(step.y, step.x);
    if (this.backward) {
      const parts = [];
      step.sent.forEach((part, at) => {
        if (part === 0) return;
        const cell = this.left.cellAt(Math.floor(at / walk.grid.w), at % walk.grid.w);
        parts.push({ cell, part });
      });
      return parts.length > 0 ? this.wires.rays(output, parts) : this.wires.clear();
    }
    const corners = step.rows.positions.flatMap((y) =>
      step.columns.positions.map((x) => this.left.cellAt(y, x)),
    );
    this.wires.funnel(corners, output);
  }

  #fit() {
    const { grid, output, fault } = this.walk;
    const reach = fault ? { begin: 0, end: grid.w } : reachOf(this.walk).columns;
    const width = this.root.clientWidth - PADDING;
    const columns = reach.end - reach.begin;
    const { size, stacked, text_beside } = fitCells(width, columns, output?.w ?? 0);
    this.root.classList.toggle("narrow", !text_beside);
    this.stage.style.setProperty("--size", `${Math.floor(size)}px`);
    this.stage.classList.toggle("stacked", stacked);
  }

  #showInputOnly(walk) {
    this.walk = walk;
    const { grid } = walk;
    const nothing = { at: -1, winner: -1, rows: { positions: [] }, columns: { positions: [] } };
    this.left.update({
      caption: `Input x, ${grid.h}×${grid.w}`,
      rows: { begin: 0, end: grid.h },
      columns: { begin: 0, end: grid.w },
      look: inputLook(walk, nothing),
    });
    this.wires.clear();
  }

  #showMaps(walk, step, backward) {
    const { grid, output } = walk;
    const whole = { rows: { begin: 0, end: output.h }, columns: { begin: 0, end: output.w } };
    this.left.update({
      caption: backward
        ? `Gradient dx, ${grid.h}×${grid.w} (small: x)`
        : `Input x, ${grid.h}×${grid.w}`,
      ...reachOf(walk),
      look: backward ? gradientLook(walk, step) : inputLook(walk, step),
      frame: frameOf(step),
    });
    this.right.update({
      caption: backward ? "Upstream dy" : `Output y, ${output.h}×${output.w}`,
      ...whole,
      look: backward ? upstreamLook(walk, step) : outputLook(walk, step),
    });
  }

  #showArithmetic(walk, step, backward) {
    const place = `(${step.y}, ${step.x})`;
    const words = backward ? explainGradient(walk, step) : explainValue(walk, step);
    const head = element("span", { class: "head" }, backward ? `dy${place} → ` : `y${place} = `);
    this.formula.replaceChildren(head, ...pieces(words));
    setText(this.sums, backward ? explainSum(walk, step) : "");
    this.#showTally(walk, backward);
    setText(this.note, outsideNote(walk, step));
  }

  // How many inputs get nothing from all windows together.
  #showTally(walk, backward) {
    this.tally.hidden = !backward;
    if (!backward) return;
    const count = walk.gradient.length;
    const dots = Array.from(walk.gradient, (dx) =>
      element("i", { class: dx === 0 ? "dot nothing" : "dot" }),
    );
    this.tally.replaceChildren(
      element("span", { class: "dots", "aria-hidden": "true" }, ...dots),
      element("span", { class: "count" }, `${walk.zeros} of ${count} inputs get nothing`),
    );
  }

  #showWords({ operator, args }) {
    const rule = `${say(operator.y, args)};  ${say(operator.dx, args)}`;
    setText(this.rule, rule);
    setText(this.idea, operator.idea);
  }
}

function outsideNote(walk, step) {
  const { grid } = walk;
  const is_outside = ({ positions }, size) => positions.some((one) => one < 0 || one >= size);
  if (!is_outside(step.rows, grid.h) && !is_outside(step.columns, grid.w)) return "";
  return `Cells outside the map ${walk.outside.words}.`;
}

function commandPieces(command, { word }) {
  if (word === null) return ["The terminal command has no such operator."];
  if (!command)
    return ["The terminal command has what is learned as it starts, not as it is here."];
  return ["In the terminal: ", element("code", {}, command)];
}
