// Which classes are taken for which, summed over the seeds of a net.
import { axisX, axisY, cell, text } from "@observablehq/plot";
import { element, select } from "../../../js/view/dom.js";
import { chart, cut, hover, textWidth } from "../chart.js";
import { percent, whole } from "../format.js";
import { table } from "../table.js";

const MOST_MATRICES = 6; // nets that are shown side by side
const MOST_CLASSES = 40; // in a matrix; with more the mistakes are listed only
const MOST_MISTAKES = 8;
const TEXT_FROM = 28; // pixels of a cell

function summedConfusion(runs) {
  const counts = runs[0].confusion.map((row) => row.map(() => 0));
  for (const { confusion } of runs) {
    confusion.forEach((row, t) => row.forEach((count, p) => (counts[t][p] += count)));
  }
  return counts;
}

const total = (row) => row.reduce((sum, count) => sum + count, 0);

function cellsOf({ classes, confusion }) {
  return confusion.flatMap((row, t) =>
    row.map((count, p) => ({
      truth: t,
      taken: p,
      count,
      share: total(row) > 0 ? count / total(row) : 0,
      words: `${classes[t]} taken for ${classes[p]}: ${whole(count)} of ${whole(total(row))}`,
    })),
  );
}

function draw(width, net, by_row) {
  const { classes } = net;
  const all = cellsOf(net);
  const names = classes.map((name) => cut(name, width < 480 ? 10 : 18));
  const longest = Math.max(...names.map(textWidth)) + 8;
  const side = Math.min(44, (width - longest - 8) / classes.length);
  const has_text = side >= TEXT_FROM;
  const ink = ({ share }) => (share > 0.3 ? "var(--heat-ink)" : "currentColor");
  return {
    width: longest + 8 + side * classes.length,
    height: longest + 32 + side * classes.length,
    marginLeft: longest,
    marginTop: longest + 24,
    marginRight: 8,
    marginBottom: 8,
    padding: 0,
    x: { domain: classes.map((_, i) => i) },
    y: { domain: classes.map((_, i) => i) },
    opacity: { type: "identity" },
    marks: [
      axisX({
        anchor: "top",
        label: null,
        tickSize: 0,
        tickRotate: -90,
        tickFormat: (i) => names[i],
      }),
      axisY({ label: null, tickSize: 0, tickFormat: (i) => names[i] }),
      text(["taken for →"], { frameAnchor: "top-left", dy: -longest - 16, fill: "var(--faint)" }),
      text(["class ↓"], {
        frameAnchor: "top-left",
        textAnchor: "end",
        dx: -6,
        dy: -16,
        fill: "var(--faint)",
      }),
      // The root of the share, so that rare mistakes show beside what is right.
      cell(all, {
        x: "taken",
        y: "truth",
        fill: "var(--heat)",
        fillOpacity: ({ share }) => Math.sqrt(share),
        stroke: "var(--line)",
        strokeWidth: 0.5,
      }),
      ...(has_text
        ? [
            text(all, {
              x: "taken",
              y: "truth",
              text: ({ share, count }) => (by_row ? Math.round(100 * share) : count),
              fill: ink,
              fontSize: side < 36 ? 10 : 12,
            }),
          ]
        : []),
      hover(all, {
        x: "taken",
        y: "truth",
        title: ({ words, share }) => `${words} (${percent(share, 1)}%)`,
      }),
    ],
  };
}

function mistakes(net) {
  const wrong = cellsOf(net)
    .filter(({ truth, taken, count }) => truth !== taken && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_MISTAKES);
  return table({
    caption: "Most frequent mistakes",
    label: `Most frequent mistakes of ${net.variant}`,
    rows: wrong,
    columns: [
      { head: "Class", is_head: true, show: ({ truth }) => net.classes[truth] },
      { head: "taken for", is_text: true, show: ({ taken }) => net.classes[taken] },
      { head: "Pictures", show: ({ count }) => whole(count) },
      { head: "of its class", note: "%", show: ({ share }) => percent(share, 1) },
    ],
  });
}

function rightOf({ confusion }) {
  const right = confusion.reduce((sum, row, i) => sum + row[i], 0);
  const all = confusion.reduce((sum, row) => sum + total(row), 0);
  return { right, all };
}

function matrix(net, state) {
  const { right, all } = rightOf(net);
  const seeds = net.seeds === 1 ? "one seed" : `${net.seeds} seeds`;
  const words = `${whole(right)} of ${whole(all)} pictures right, summed over ${seeds}`;
  return chart({
    title: net.variant,
    caption: `${words}. Each row is a class, each column what it was taken for; colour is the share of the row.`,
    describe: () => `Confusion matrix of ${net.classes.length} classes. ${words}.`,
    draw: (width) => draw(width, net, state.by_row),
  });
}

function picture(net, state, looks) {
  const made = matrix(net, state);
  made.root.querySelector("h3").prepend(looks.swatch(net.variant));
  state.redraws.push(made.redraw);
  return made.root;
}

function netPart(net, state, looks) {
  const has_picture = net.classes.length <= MOST_CLASSES;
  const first = has_picture
    ? picture(net, state, looks)
    : element("h3", {}, looks.swatch(net.variant), net.variant);
  const summary = element("summary", {}, "Most frequent mistakes");
  const list = element("details", { open: has_picture ? null : "" }, summary, mistakes(net));
  return element("div", { class: "confusion" }, first, list);
}

function toggle(state) {
  const choice = (by_row, words) =>
    element(
      "label",
      {},
      element("input", {
        type: "radio",
        name: "confusion",
        checked: state.by_row === by_row,
        onchange: () => {
          state.by_row = by_row;
          for (const redraw of state.redraws) redraw();
        },
      }),
      element("span", {}, words),
    );
  return element(
    "fieldset",
    { class: "choice" },
    element("legend", { class: "visually-hidden" }, "Numbers in the cells"),
    choice(false, "Pictures"),
    choice(true, "% of the row"),
  );
}

export function confusion(report, looks, { cells }) {
  const all = cells
    .filter(({ runs }) => runs.length > 0 && runs[0].confusion.length > 0)
    .map(({ variant, runs }) => ({
      variant,
      classes: runs[0].classes,
      confusion: summedConfusion(runs),
      seeds: runs.length,
    }));
  if (all.length === 0) return [];
  const state = { by_row: false, redraws: [] };
  const parts = element("div", { class: "confusions" });
  const show = (shown) => {
    state.redraws = [];
    parts.replaceChildren(...shown.map((net) => netPart(net, state, looks)));
  };
  const controls = element("div", { class: "controls" }, toggle(state));
  if (all.length <= MOST_MATRICES) {
    show(all);
  } else {
    const names = Object.fromEntries(all.map(({ variant }, i) => [i, variant]));
    const choose = select(names, "0", { onchange: ({ target }) => show([all[target.value]]) });
    controls.append(element("label", {}, "Net ", choose));
    show([all[0]]);
  }
  return [controls, parts];
}
