// Test accuracy along each axis of the grid that has numbers: with data.limit, how many pictures a
// net needs. The other axes stay at the chosen point.
import { percent, short, whole } from "../format.js";
import { Legend } from "../legend.js";
import { NetLines, sharesDrawing } from "../net_lines.js";

const WIDE_RANGE = 5;
const PICTURES = "data.limit";

// Where a cell stands on the axis; null when that is no number. Without a limit all pictures are
// used, so those that were trained on are counted.
function placeOf(cell, key) {
  if (key === PICTURES) return cell.runs[0]?.dataset.train ?? null;
  const text = cell.point[key];
  return text.trim() === "" || Number.isNaN(Number(text)) ? null : Number(text);
}

function seriesOf(report, key, point) {
  const is_here = (cell) =>
    report.keys.every((other) => other === key || cell.point[other] === point[other]);
  return report.variants.map((variant) => ({
    variant,
    points: report.cells
      .filter((cell) => cell.variant === variant && is_here(cell) && cell.test_acc)
      .map((cell) => ({ x: placeOf(cell, key), summary: cell.test_acc }))
      .filter(({ x }) => x !== null)
      .sort((a, b) => a.x - b.x)
      .map(({ x, summary }) => ({
        x,
        mean: 100 * summary.mean,
        low: 100 * summary.smallest,
        high: 100 * summary.largest,
        count: summary.count,
      })),
  }));
}

function linesAlong(report, looks, legend, key, point) {
  const series = seriesOf(report, key, point);
  const places = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))];
  if (places.length < 2) return [];
  places.sort((a, b) => a - b);
  const is_log = places[0] > 0 && places.at(-1) / places[0] >= WIDE_RANGE;
  const name = key === PICTURES ? "training pictures" : key;
  const rest = report.keys
    .filter((other) => other !== key)
    .map((other) => `${other} ${point[other]}`);
  const where = rest.length > 0 ? ` (at ${rest.join(", ")})` : "";
  return new NetLines({
    looks,
    legend,
    series,
    title: `Test accuracy by ${name}${where}`,
    caption:
      "Higher is better. Lines are means over seeds, bands reach from the smallest to the largest. " +
      "Lines that come together say that the difference goes away; lines that cross, that the answer depends on this axis.",
    x: {
      label: `${name} →`,
      name,
      type: is_log ? "log" : "linear",
      write: key === PICTURES ? whole : short,
      ticks: places,
      tick: (place) => (key === PICTURES ? whole(place) : short(place)),
    },
    y: { label: "↑ test accuracy (%)", write: (value) => percent(value / 100) },
  }).nodes();
}

export function grid(report, looks, { point }) {
  const legend = new Legend(looks, report.variants);
  const charts = report.keys.flatMap((key) => linesAlong(report, looks, legend, key, point));
  if (charts.length === 0) return [];
  return sharesDrawing(report.variants) ? [legend.root, ...charts] : charts;
}
