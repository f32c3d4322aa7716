// What accuracy costs: multiply-adds that are counted, and seconds that were measured.
import { axisX, axisY, dot, gridX, gridY, line, link, ruleX } from "@observablehq/plot";
import { element } from "../../../js/view/dom.js";
import { chart, hover, roomy } from "../chart.js";
import { edgeHeight, edgeWidth, labelMarks, placeLabels } from "../edge_labels.js";
import { fixed, percent, sample, short } from "../format.js";

const MOST_INTERVALS = 8;
const TOP = 24;
const BOTTOM = 46;
const WIDE_RANGE = 5; // from here on, equal ratios get equal distances

// The nets that none is both cheaper and better than, as a staircase.
function frontier(nets) {
  const sorted = [...nets].sort((a, b) => a.x - b.x || b.y - a.y);
  let best = -Infinity;
  return sorted.filter(({ y }) => {
    if (y <= best) return false;
    best = y;
    return true;
  });
}

function domainX(nets, is_log) {
  const values = nets.map(({ x }) => x);
  if (!is_log) return roomy(values, 0.12);
  return [Math.min(...values) / 1.15, Math.max(...values) * 1.15];
}

function domainY(nets) {
  const [low, high] = roomy(
    nets.map(({ y }) => y),
    0.12,
  );
  const ends = nets.flatMap(({ summary }) => (summary.interval ?? []).map((end) => 100 * end));
  const room = high - low;
  return [
    Math.max(Math.min(low, ...ends), low - room / 2),
    Math.min(Math.max(high, ...ends), high + room / 2),
  ];
}

// Upright intervals; with many nets they would hide the marks.
function intervals(nets, looks) {
  const shown = nets.length > MOST_INTERVALS ? [] : nets.filter(({ summary }) => summary.interval);
  return ruleX(shown, {
    x: "x",
    y1: ({ summary }) => 100 * summary.interval[0],
    y2: ({ summary }) => 100 * summary.interval[1],
    stroke: ({ variant }) => looks.colour(variant),
    strokeWidth: 1.5,
    strokeOpacity: 0.6,
    clip: true,
  });
}

const stairs = (nets) =>
  line(frontier(nets), {
    x: "x",
    y: "y",
    curve: "step-after",
    stroke: "var(--faint)",
    strokeDasharray: "4 3",
  });

const mark = (net, looks) =>
  dot([net], {
    x: "x",
    y: "y",
    fill: looks.colour(net.variant),
    stroke: "var(--card)",
    symbol: looks.symbol(net.variant),
    r: 6,
  });

function draw(width, nets, looks, axis) {
  const least = edgeHeight(nets.length, { top: TOP, bottom: BOTTOM });
  const height = Math.max(300, Math.min(380, width * 0.6), least);
  const values = nets.map(({ x }) => x);
  const is_log = Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) >= WIDE_RANGE;
  const [x, y] = [domainX(nets, is_log), domainY(nets)];
  const longest = width < 480 ? 14 : 22;
  const edge = x[1];
  const placed = placeLabels(nets, { domain: y, height, top: TOP, bottom: BOTTOM });
  const names = nets.map(({ variant }) => variant);
  const words = (net) => `${net.variant}\n${sample(net.summary)}\n${axis.write(net.x)}`;
  return {
    height,
    marginLeft: 46,
    marginRight: edgeWidth(names, longest),
    marginTop: TOP,
    marginBottom: BOTTOM,
    x: { domain: x, type: is_log ? "log" : "linear" },
    y: { domain: y },
    marks: [
      gridX({ ticks: 5 }),
      gridY(),
      axisX({ label: `${axis.label} →`, ticks: 5, tickFormat: short }),
      axisY({ label: "↑ test accuracy (%)" }),
      stairs(nets),
      link(placed, { x1: "x", x2: edge, y1: "y", y2: "label", stroke: "var(--line)" }),
      intervals(nets, looks),
      ...nets.map((net) => mark(net, looks)),
      ...labelMarks(placed, { edge, looks, longest }),
      hover(nets, { x: "x", y: "y", title: words }),
    ],
  };
}

function frontierChart(nets, looks, axis) {
  const bars = nets.length > MOST_INTERVALS ? "" : " Upright bars are 95% intervals.";
  const best = frontier(nets).map(({ variant }) => variant);
  return chart({
    title: axis.title,
    caption: `${axis.caption} The dashed stairs join the nets that no other beats at no greater cost, by their means alone.${bars}`,
    describe: () =>
      `${nets.map((net) => `${net.variant} ${percent(net.summary.mean)} at ${axis.write(net.x)}`).join("; ")}. On the frontier: ${best.join(", ")}.`,
    draw: (width) => draw(width, nets, looks, axis),
  }).root;
}

export function cost(report, looks, { cells }) {
  const trained = cells.filter(({ test_acc }) => test_acc);
  if (trained.length < 2) return [];
  const along = (measure) =>
    trained.map((cell) => ({
      variant: cell.variant,
      summary: cell.test_acc,
      x: measure(cell),
      y: 100 * cell.test_acc.mean,
    }));
  const macs = frontierChart(
    along(({ macs }) => macs / 1e6),
    looks,
    {
      title: "Accuracy against multiply-adds",
      label: "multiply-adds for a picture (millions)",
      write: (value) => `${fixed(value, 1)} million multiply-adds`,
      caption:
        "Up and to the left is better. Multiply-adds are counted, so they hold on every machine.",
    },
  );
  const seconds = frontierChart(
    along((cell) => cell.seconds.mean),
    looks,
    {
      title: "Accuracy against training time",
      label: "seconds of training, mean over seeds",
      write: (value) => `${fixed(value, 1)} s`,
      caption:
        "Up and to the left is better. Seconds are those of this machine, with as many jobs beside as there were.",
    },
  );
  return [element("div", { class: "pair-of-charts" }, macs, seconds)];
}
