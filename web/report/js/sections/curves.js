// How the nets learn: validation accuracy and training loss, epoch by epoch.
import { element } from "../../../js/view/dom.js";
import { percent, short } from "../format.js";
import { Legend } from "../legend.js";
import { NetLines, sharesDrawing } from "../net_lines.js";
import { meanCurve } from "../report.js";

const MOST_TICKS = 10;

// Every epoch has its tick while there are few.
function axisOf(series) {
  const last = Math.max(1, ...series.flatMap(({ points }) => points.map(({ x }) => x)));
  const all = Array.from({ length: last }, (_, i) => i + 1);
  const ticks = last <= MOST_TICKS ? all : MOST_TICKS;
  const tick = (epoch) => (Number.isInteger(epoch) ? String(epoch) : "");
  return { label: "epoch →", name: "epoch", write: String, tick, ticks };
}

function seriesOf(cells, column, scale = 1) {
  return cells.map(({ variant, runs }) => ({
    variant,
    points: meanCurve(runs, column).map((point) => ({
      ...point,
      mean: scale * point.mean,
      low: scale * point.low,
      high: scale * point.high,
    })),
  }));
}

const BAND = " Lines are means over seeds, bands reach from the smallest to the largest.";
const OVERLAP = " Where bands overlap, a seed matters as much as the net.";

export function curves(report, looks, { cells }) {
  const which = report.validates ? "Validation accuracy" : "Training accuracy";
  const accuracies = seriesOf(cells, report.validates ? "val_acc" : "train_acc", 100);
  const legend = new Legend(looks, report.variants);
  const common = { looks, legend, x: axisOf(accuracies) };
  const accuracy = new NetLines({
    ...common,
    series: accuracies,
    title: `${which} by epoch`,
    caption: `Higher is better.${report.isRun ? "" : BAND + OVERLAP}`,
    y: { label: `↑ ${which.toLowerCase()} (%)`, write: (value) => percent(value / 100) },
  });
  const loss = new NetLines({
    ...common,
    series: seriesOf(cells, "train_loss"),
    title: "Training loss by epoch",
    caption: `Cross-entropy on augmented pictures while the weights change; lower fits better.${report.isRun ? "" : BAND}`,
    y: { label: "↑ training loss", write: short },
  });
  const nodes = [...accuracy.nodes(), ...loss.nodes()];
  if (nodes.length === 0) return [];
  if (!sharesDrawing(report.variants)) return nodes;
  const boxes = report.variants.length > 1 ? [legend.root] : [];
  return [...boxes, element("div", { class: "pair-of-charts" }, ...nodes)];
}
