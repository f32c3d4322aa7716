// Every run: how far seeds scatter.
import { element } from "../../../js/view/dom.js";
import { fixed, orNothing, percent, whole } from "../format.js";
import { cellName } from "../report.js";
import { strip } from "../strip.js";
import { table } from "../table.js";

function runsTable(cells) {
  const rows = cells.flatMap((cell) => cell.runs.map((run) => ({ cell, run })));
  const text = { is_text: true };
  return table({
    caption: "Every complete run",
    className: "runs",
    rows,
    columns: [
      {
        head: "Net",
        is_head: true,
        show: ({ cell }) => cellName(cell),
        value: ({ cell }) => cellName(cell),
      },
      { head: "Seed", show: ({ run }) => String(run.seed), value: ({ run }) => run.seed },
      {
        head: "Test",
        note: "%",
        show: ({ run }) => percent(run.test.acc),
        value: ({ run }) => run.test.acc,
      },
      {
        head: "Test loss",
        show: ({ run }) => fixed(run.test.loss, 4),
        value: ({ run }) => run.test.loss,
      },
      {
        head: "Validation",
        note: "%",
        show: ({ run }) => orNothing(run.best.val_acc, (share) => percent(share)),
        value: ({ run }) => run.best.val_acc,
      },
      {
        head: "Best epoch",
        show: ({ run }) => String(run.best.epoch),
        value: ({ run }) => run.best.epoch,
      },
      {
        head: "Same class",
        note: "%",
        show: ({ run }) => orNothing(run.shift_consistency, (share) => percent(share)),
        value: ({ run }) => run.shift_consistency,
      },
      {
        head: "Time",
        note: "s",
        show: ({ run }) => fixed(run.seconds, 1),
        value: ({ run }) => run.seconds,
      },
      {
        head: "Speed",
        note: "images/s",
        show: ({ run }) => whole(run.img_per_s),
        value: ({ run }) => run.img_per_s,
      },
      {
        head: "Memory",
        note: "peak, MB",
        show: ({ run }) => whole(run.peak_rss_mb),
        value: ({ run }) => run.peak_rss_mb,
      },
      { head: "Folder", ...text, show: ({ run }) => element("code", {}, run.folder) },
      {
        head: "Weights",
        note: "SHA-256",
        ...text,
        show: ({ run }) => element("code", { class: "sha" }, run.weights.sha256),
      },
    ],
  });
}

const CAPTION =
  "Each mark is a run, the upright stroke the mean, the bar its 95% interval (cut where it runs out of the picture). " +
  "Nets are sorted by their mean.";

export function seeds(report, looks, point) {
  if (!point.cells.some(({ runs }) => runs.length > 0)) return [];
  if (report.isRun) return [runsTable(point.cells)];
  const rows = point.cells.map(({ variant, test_acc, runs }) => ({
    variant,
    summary: test_acc,
    values: runs.map(({ seed, test }) => ({ seed, value: test.acc })),
  }));
  const reference = report.baseline(point);
  const dashed = reference
    ? ` Dashed: the mean of ${reference}, which the others are tested against.`
    : "";
  const drawn = strip({
    looks,
    rows,
    title: "Test accuracy of every seed",
    caption: CAPTION + dashed,
    label: "test accuracy (%)",
    reference,
  });
  const summary = element("summary", {}, "Numbers of every run");
  return [...drawn, element("details", {}, summary, runsTable(point.cells))];
}
