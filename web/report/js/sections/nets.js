// A row for each net at each point, to be sorted.
import { element } from "../../../js/view/dom.js";
import { fixed, millions, orNothing, percent, range, sample, whole } from "../format.js";
import { table } from "../table.js";

const mean = (summary) => summary?.mean ?? null;

// The seed whose run has this test accuracy.
const seedOf = ({ runs }, accuracy) => runs.find(({ test }) => test.acc === accuracy).seed;

const extreme = (name) => ({
  show: (cell) =>
    orNothing(cell.test_acc, (found) => {
      const seed = element("small", {}, ` (${seedOf(cell, found[name])})`);
      return [percent(found[name]), seed];
    }),
  value: ({ test_acc }) => test_acc?.[name] ?? null,
});

const measured = (name, write) => ({
  show: (cell) => orNothing(cell[name], ({ mean: value }) => write(value)),
  value: (cell) => mean(cell[name]),
});

// How a summary is written: a run has one value.
const summaryOf = ({ isRun }) => ({
  note: isRun ? "%" : "%, mean ± s (seeds)",
  write: (found) => (isRun ? percent(found.mean) : sample(found)),
});

function accuracy(report) {
  const { note, write } = summaryOf(report);
  return {
    head: "Test accuracy",
    note,
    show: (cell) => {
      const text = orNothing(cell.test_acc, write);
      const beaten = report.beaten(cell);
      if (beaten.length === 0) return text;
      const words = ` shown to be better than ${beaten.join(", ")}`;
      return [
        element("b", { title: words.trim() }, text),
        element("span", { class: "visually-hidden" }, words),
      ];
    },
    value: ({ test_acc }) => mean(test_acc),
  };
}

function columns(report, looks) {
  const { shift_pixels } = report.json;
  const { note, write } = summaryOf(report);
  const points = report.keys.map((key) => ({
    head: key,
    is_text: true,
    show: ({ point }) => point[key],
    value: ({ point }) => (Number.isNaN(Number(point[key])) ? point[key] : Number(point[key])),
  }));
  const has = (name) => report.cells.some((cell) => cell[name]);
  const all = [
    {
      head: "Net",
      is_head: true,
      show: ({ variant }) => [looks.swatch(variant), variant],
      value: ({ variant }) => report.variants.indexOf(variant),
    },
    ...points,
    {
      head: "Parameters",
      show: (cell) => whole(cell.parameters),
      value: (cell) => cell.parameters,
    },
    {
      head: "MACs",
      note: "millions",
      show: (cell) => millions(cell.macs),
      value: (cell) => cell.macs,
    },
    accuracy(report),
    {
      head: "95% interval",
      note: "of the mean",
      of_many: true,
      show: ({ test_acc }) => orNothing(test_acc?.interval, (found) => range(found)),
      value: ({ test_acc }) => test_acc?.interval?.[0] ?? null,
    },
    { head: "Best", note: "%, (seed)", of_many: true, ...extreme("largest") },
    { head: "Worst", note: "%, (seed)", of_many: true, ...extreme("smallest") },
    {
      head: "Validation",
      note,
      needs: "val_acc",
      show: (cell) => orNothing(cell.val_acc, write),
      value: (cell) => mean(cell.val_acc),
    },
    {
      head: "Same class",
      note: shift_pixels > 0 ? `% shifted ≤ ${shift_pixels} px` : "% shifted",
      needs: "shift_consistency",
      ...measured("shift_consistency", percent),
    },
    { head: "Time", note: "s a run", ...measured("seconds", (value) => fixed(value, 1)) },
    { head: "Speed", note: "images/s", needs: "img_per_s", ...measured("img_per_s", whole) },
    { head: "Memory", note: "peak, MB", needs: "peak_rss_mb", ...measured("peak_rss_mb", whole) },
    {
      head: "Restarts",
      needs: "restarts",
      show: ({ restarts }) => String(restarts),
      value: ({ restarts }) => restarts,
    },
  ];
  const fits = ({ needs, of_many }) => (!needs || has(needs)) && !(of_many && report.isRun);
  return all.filter(fits);
}

const NOTE =
  "± s is the standard deviation over seeds. Bold: the test shows this net to be better than another of its point, " +
  "and none to be better than it. Sort by any column with its button.";

export function nets(report, looks) {
  const caption = report.isRun ? "The net of this run" : "The nets, each over its seeds";
  const made = table({
    caption,
    columns: columns(report, looks),
    rows: report.cells,
    className: "nets",
  });
  return [made, element("p", { class: "note" }, report.isRun ? "" : NOTE)];
}
