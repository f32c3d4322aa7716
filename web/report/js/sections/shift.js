// How often a class stays when pictures move.
import { strip } from "../strip.js";

export function shift(report, looks, point) {
  if (report.isRun) return [];
  const { shift_pixels } = report.json;
  const rows = point.cells.map(({ variant, shift_consistency, runs }) => ({
    variant,
    summary: shift_consistency,
    values: runs
      .filter((run) => run.shift_consistency !== null)
      .map((run) => ({ seed: run.seed, value: run.shift_consistency })),
  }));
  return strip({
    looks,
    rows,
    title: `Same class after a shift of up to ${shift_pixels} pixels`,
    caption:
      "The share of test pictures whose class stays when they move, edges repeated. More is steadier, but a net that always says the same is " +
      "perfectly steady: read it beside the accuracy. Marks are runs, strokes means, bars 95% intervals.",
    label: "test pictures that keep their class (%)",
    reference: report.baseline(point),
  });
}
