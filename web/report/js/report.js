// What compare.json says, arranged for the sections of the page. Fields that an older file lacks
// are taken as unknown.

const keyOf = (point) => JSON.stringify(point);

// "data.limit 5000, model.base C"
function pointText(point) {
  return Object.entries(point)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");
}

export class Report {
  constructor(json) {
    this.json = json;
    this.isRun = json.is_run === true;
    this.cells = json.cells;
    this.variants = [...new Set(json.cells.map(({ variant }) => variant))];
    this.keys = Object.keys(json.cells[0]?.point ?? {});
    this.points = this.#points();
    this.runs = json.cells.flatMap((cell) => cell.runs.map((run) => ({ cell, run })));
    this.validates = this.runs.every(({ run }) => run.best.val_acc !== null);
  }

  // Each point of the grid with its nets and pairs; one without a grid.
  #points() {
    const points = new Map();
    for (const cell of this.cells) {
      const key = keyOf(cell.point);
      if (!points.has(key)) {
        points.set(key, { point: cell.point, label: pointText(cell.point), cells: [], pairs: [] });
      }
      points.get(key).cells.push(cell);
    }
    for (const pair of this.json.pairs) points.get(keyOf(pair.point))?.pairs.push(pair);
    return [...points.values()];
  }

  // The pairs that this net stands in, seen from it: {pair, other, gain}.
  pairsOf({ variant, point }) {
    const here = this.points.find((one) => keyOf(one.point) === keyOf(point));
    return here.pairs.flatMap((pair) => {
      if (!pair.tested || (pair.a !== variant && pair.b !== variant)) return [];
      const is_a = pair.a === variant;
      return [
        { pair, other: is_a ? pair.b : pair.a, gain: is_a ? pair.difference : -pair.difference },
      ];
    });
  }

  // The nets that this one is shown to be better than; [] when another is shown to be better.
  beaten(cell) {
    const shown = this.pairsOf(cell).filter(({ pair }) => pair.shown);
    if (shown.some(({ gain }) => gain < 0)) return [];
    return shown.map(({ other }) => other);
  }

  // The net that stands in every pair of a point, if there is one and there are several pairs.
  baseline({ pairs }) {
    if (pairs.length < 2) return null;
    const [first] = pairs;
    const is_in_all = (name) => pairs.every(({ a, b }) => a === name || b === name);
    return [first.b, first.a].find(is_in_all) ?? null;
  }
}

// The net with its point, as in "strided, data.limit 5000".
export const cellName = ({ variant, point }) =>
  [variant, pointText(point)].filter((text) => text !== "").join(", ");

// For each x of the runs' curves: mean, smallest and largest over the runs that came so far.
export function meanCurve(runs, column) {
  const at = new Map();
  for (const { curve } of runs) {
    curve.epoch?.forEach((epoch, i) => {
      const value = curve[column]?.[i];
      if (typeof value !== "number") return;
      if (!at.has(epoch)) at.set(epoch, []);
      at.get(epoch).push(value);
    });
  }
  return [...at]
    .sort(([a], [b]) => a - b)
    .map(([epoch, values]) => ({
      x: epoch,
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      low: Math.min(...values),
      high: Math.max(...values),
      count: values.length,
    }));
}
