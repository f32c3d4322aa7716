// Which differences the test shows: every pair with its interval, as a picture and in numbers.
import { axisX, axisY, cell, dot, gridX, link, ruleX, text } from "@observablehq/plot";
import { element } from "../../../js/view/dom.js";
import { chart, cut, hover, roomy, textWidth } from "../chart.js";
import { NOTHING, orNothing, percent, points, probability, range, whole } from "../format.js";
import { table } from "../table.js";

const MOST_ROWS = 30; // pairs; more become a matrix
const MOST_OPEN = 12; // pairs whose table is not folded away
const ROW = 28;
const LONGEST = 34;

const titleOf = ({ a, b }) => `${a} − ${b}`;

// The second net of every pair, if it is always the same.
const commonSecond = (pairs) =>
  pairs.length > 1 && pairs.every(({ b }) => b === pairs[0].b) ? pairs[0].b : null;

const wordsOf = (pair) =>
  `${titleOf(pair)}: ${points(pair.difference)} points${pair.interval ? `, 95% interval ${range(pair.interval, points)}` : ""}, p ${probability(pair.p_holm)} after Holm, ${pair.shown ? "shown" : "not shown"}`;

function domainOf(pairs) {
  const middles = [0, ...pairs.map(({ difference }) => 100 * difference)];
  const ends = pairs.flatMap(({ interval }) => (interval ?? []).map((end) => 100 * end));
  const [low, high] = roomy(middles);
  const room = Math.max(high - low, 0.5);
  return [
    Math.max(Math.min(low, ...ends), low - 2 * room),
    Math.min(Math.max(high, ...ends), high + 2 * room),
  ];
}

function directions(width, second) {
  if (second) return ["← worse", "better →"];
  if (width < 560) return ["← second", "first →"];
  return ["← the second is better", "the first is better →"];
}

function drawForest(width, pairs) {
  const most = width < 480 ? 20 : LONGEST;
  const names = pairs.map(titleOf);
  const second = commonSecond(pairs);
  const labelOf = (name) => cut(second ? name.slice(0, -` − ${second}`.length) : name, most);
  const [less, more] = directions(width, second);
  const has_p = width >= 520;
  const colour = ({ shown }) => (shown ? "var(--shown)" : "var(--faint)");
  return {
    height: pairs.length * ROW + 80,
    marginLeft: Math.max(...names.map((name) => textWidth(labelOf(name)))) + 14,
    marginRight: has_p ? 92 : 14,
    marginTop: 26,
    marginBottom: 48,
    x: { domain: domainOf(pairs) },
    y: { domain: names, type: "band" },
    marks: [
      gridX(),
      ruleX([0], { stroke: "currentColor" }),
      axisX({ label: "difference of mean test accuracy (points) →" }),
      axisY({ label: null, tickSize: 0, tickFormat: labelOf }),
      text([less], { frameAnchor: "top-left", dy: -20, fill: "var(--faint)" }),
      text([more], { frameAnchor: "top-right", dy: -20, fill: "var(--faint)" }),
      link(
        pairs.filter(({ interval }) => interval),
        {
          x1: ({ interval }) => 100 * interval[0],
          x2: ({ interval }) => 100 * interval[1],
          y: titleOf,
          stroke: colour,
          strokeWidth: 2.5,
          clip: true,
        },
      ),
      dot(pairs, {
        x: ({ difference }) => 100 * difference,
        y: titleOf,
        stroke: colour,
        strokeWidth: 2,
        fill: ({ shown }) => (shown ? "var(--shown)" : "var(--card)"),
        r: 5,
      }),
      ...(has_p
        ? [
            text(pairs, {
              y: titleOf,
              frameAnchor: "right",
              textAnchor: "start",
              dx: 10,
              text: ({ p_holm }) => (p_holm < 0.001 ? "p < 0.001" : `p = ${probability(p_holm)}`),
              fill: "currentColor",
              fontWeight: ({ shown }) => (shown ? "bold" : "normal"),
            }),
          ]
        : []),
      hover(pairs, { x: ({ difference }) => 100 * difference, y: titleOf, title: wordsOf }),
    ],
  };
}

// Both ways round: the row's net less the column's.
function squares(pairs) {
  return pairs.flatMap((pair) => [
    { row: pair.a, column: pair.b, difference: pair.difference, pair },
    { row: pair.b, column: pair.a, difference: -pair.difference, pair },
  ]);
}

function drawMatrix(width, pairs, variants) {
  const all = squares(pairs);
  const names = variants.filter((name) => all.some(({ row }) => row === name));
  const most = width < 480 ? 10 : 20;
  const longest = Math.max(...names.map((name) => textWidth(cut(name, most)))) + 10;
  const side = Math.min(44, (width - longest - 8) / names.length);
  const largest = Math.max(...all.map(({ difference }) => Math.abs(difference)));
  const short = (name) => cut(name, most);
  return {
    width: longest + 8 + side * names.length,
    height: longest + 8 + side * names.length,
    marginLeft: longest,
    marginTop: longest,
    marginRight: 8,
    marginBottom: 8,
    padding: 0.06,
    x: { domain: names },
    y: { domain: names },
    opacity: { type: "identity" },
    marks: [
      axisX({ anchor: "top", label: null, tickSize: 0, tickRotate: -90, tickFormat: short }),
      axisY({ label: null, tickSize: 0, tickFormat: short }),
      cell(all, {
        x: "column",
        y: "row",
        fill: ({ difference }) => (difference < 0 ? "var(--negative-tap)" : "var(--positive-tap)"),
        fillOpacity: ({ difference }) => (largest > 0 ? 0.85 * Math.abs(difference / largest) : 0),
        stroke: ({ pair }) => (pair.shown ? "currentColor" : "var(--line)"),
        strokeWidth: 1.5,
      }),
      ...(side >= 34
        ? [
            text(all, {
              x: "column",
              y: "row",
              text: ({ difference }) => points(difference).replace(/0$/, ""),
              fill: "currentColor",
            }),
          ]
        : []),
      hover(all, { x: "column", y: "row", title: ({ pair }) => wordsOf(pair) }),
    ],
  };
}

function picture(pairs, variants) {
  const is_matrix = pairs.length > MOST_ROWS;
  const how = is_matrix
    ? "The row's net less the column's: orange where the row is better. A dark frame marks a difference that is shown."
    : "Filled: shown by the test after Holm's correction. Hollow: not shown, whatever side it lies on. Bars are 95% intervals, which are not corrected for many pairs.";
  const second = is_matrix ? null : commonSecond(pairs);
  return chart({
    title: second ? `Test accuracy against ${second}` : "Differences of test accuracy",
    caption: how,
    describe: () => `${pairs.map(wordsOf).join("; ")}.`,
    draw: (width) => (is_matrix ? drawMatrix(width, pairs, variants) : drawForest(width, pairs)),
  }).root;
}

function nameOf({ name, a, b, equal }) {
  const names = `${a} − ${b}${equal ? `, equal ${equal}` : ""}`;
  return name === `${a} against ${b}` ? name : [name, element("small", {}, names)];
}

function pairsTable(pairs) {
  const tested = (write) => (pair) => (pair.tested ? write(pair) : NOTHING);
  const value = (name) => (pair) => (pair.tested ? pair[name] : null);
  const ways = ({ exact, ways: all }) => (exact ? "exact" : `${whole(all)} draws`);
  return table({
    caption: "All pairs",
    rows: pairs,
    className: "pairs",
    columns: [
      { head: "Pair", is_head: true, show: nameOf, value: ({ name }) => name },
      {
        head: "Difference",
        note: "points",
        show: tested((pair) => points(pair.difference)),
        value: value("difference"),
      },
      {
        head: "95% interval",
        show: tested((pair) => orNothing(pair.interval, (ends) => range(ends, points))),
      },
      { head: "p", show: tested((pair) => probability(pair.p)), value: value("p") },
      {
        head: "p",
        note: "after Holm",
        show: tested((pair) => probability(pair.p_holm)),
        value: value("p_holm"),
      },
      { head: "Shown", is_text: true, show: tested((pair) => (pair.shown ? "yes" : "no")) },
      {
        head: "Smallest",
        note: "that can be shown",
        show: tested((pair) => orNothing(pair.smallest_difference, (found) => percent(found))),
        value: value("smallest_difference"),
      },
      {
        head: "Test",
        is_text: true,
        show: (pair) => (pair.tested ? `${pair.method}, ${ways(pair)}` : pair.reason),
      },
    ],
  });
}

function method({ test, pairs }) {
  const { alpha, first_alpha, power } = test;
  const text =
    "p is the share of ways to hand out the measured accuracies among the two nets that give a difference at least as large, " +
    `in either direction (permutation test). Holm's correction is over all ${pairs.length} pairs of the comparison: a difference is shown when its ` +
    `corrected p is at most ${alpha}, and the first needs p ≤ ${probability(first_alpha)}. The smallest difference is what would be shown with ` +
    `probability ${power} if runs scatter as these did; a dash means that no difference could be, however large.`;
  return element("p", { class: "note" }, text);
}

export function significance(report, looks, { pairs }) {
  if (pairs.length === 0) return [];
  const tested = pairs.filter((pair) => pair.tested);
  const drawn = tested.length > 0 ? [picture(tested, report.variants)] : [];
  const summary = element("summary", {}, "In numbers");
  const open = pairs.length > MOST_OPEN ? null : "";
  const numbers = element("details", { open }, summary, pairsTable(pairs));
  return [...drawn, numbers, method(report.json)];
}
