// Trainings that were stuck at chance or diverged: a net that needs luck is a result too.
import { element } from "../../../js/view/dom.js";
import { cellName } from "../report.js";
import { table } from "../table.js";

function attempts(report) {
  return report.cells.flatMap((cell) => {
    const of = (failures, seed, end) => failures.map((failure) => ({ cell, seed, failure, end }));
    return [
      ...cell.runs.flatMap((run) =>
        of(run.failures, run.seed, `trained with seed ${run.trained_seed}`),
      ),
      ...cell.given_up.flatMap((run) => of(run.failures, run.seed, "given up")),
    ];
  });
}

export function failures(report) {
  const rows = attempts(report);
  if (rows.length === 0) return [];
  const text = { is_text: true };
  const { restarts, given_up } = report.json.runs;
  const lead = `${restarts} restarts, ${given_up} runs given up. Numbers of a net are of the runs that trained.`;
  return [
    element("p", {}, lead),
    table({
      caption: "Attempts that failed",
      rows,
      columns: [
        {
          head: "Net",
          is_head: true,
          show: ({ cell }) => cellName(cell),
          value: ({ cell }) => cellName(cell),
        },
        { head: "Seed", show: ({ seed }) => String(seed), value: ({ seed }) => seed },
        {
          head: "Tried with seed",
          show: ({ failure }) => String(failure.seed),
          value: ({ failure }) => failure.seed,
        },
        { head: "What happened", ...text, show: ({ failure }) => failure.message },
        { head: "In the end", ...text, show: ({ end }) => end },
        { head: "Folder", ...text, show: ({ failure }) => element("code", {}, failure.folder) },
      ],
    }),
  ];
}
