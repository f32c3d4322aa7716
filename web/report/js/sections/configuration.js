// In which keys the nets differ, and in no other.
import { element } from "../../../js/view/dom.js";
import { cellName } from "../report.js";
import { table } from "../table.js";

function tuning(report) {
  const rows = report.cells.filter((cell) => cell.tuning);
  if (rows.length === 0) return [];
  const scores = ({ candidates }) =>
    candidates.map(
      ({ value, val_acc }) =>
        `${value}: ${val_acc === null ? "failed" : `${(100 * val_acc).toFixed(2)}%`}`,
    );
  return [
    table({
      caption: `Each net's own ${rows[0].tuning.key}, chosen by validation accuracy in short trials`,
      rows,
      columns: [
        { head: "Net", is_head: true, show: (cell) => cellName(cell) },
        { head: "Chosen", is_text: true, show: (cell) => cell.tuning.chosen ?? "–" },
        { head: "Trials", is_text: true, show: (cell) => scores(cell.tuning).join(", ") },
      ],
    }),
  ];
}

export function configuration(report) {
  const keys = Object.entries(report.json.configuration ?? {});
  if (report.isRun || keys.length === 0) return tuning(report);
  const rows = report.cells.map((cell, i) => ({ cell, i }));
  const made = table({
    caption: "Keys in which the nets differ",
    rows,
    columns: [
      { head: "Net", is_head: true, show: ({ cell }) => cellName(cell) },
      ...keys.map(([key, values]) => ({
        head: key,
        is_text: true,
        show: ({ i }) => (values[i] === null ? "–" : String(values[i])),
      })),
    ],
  });
  const note =
    "All other keys are equal. A dash: the key does not apply, or its value is not known yet.";
  return [made, element("p", { class: "note" }, note), ...tuning(report)];
}
