// A row for each net: a dot for each seed, the mean, and its 95% interval.
import { axisX, axisY, dot, gridX, link, ruleX, text, tickX } from "@observablehq/plot";
import { chart, cut, hover, roomy, textWidth } from "./chart.js";
import { percent, sample } from "./format.js";

const ROW = 30;
const LABELS_FROM = 620;
const LONGEST_NAME = 24;

// rows: [{variant, summary, values: [{seed, value}]}]; shares between 0 and 1. `reference`: the
// variant whose mean the others are seen against, or null.
export function strip({ looks, rows, title, caption, label, reference = null }) {
  const sorted = rows
    .filter(({ summary }) => summary)
    .sort((a, b) => b.summary.mean - a.summary.mean);
  if (sorted.length === 0) return [];
  const { root } = chart({
    title,
    caption,
    describe: () =>
      `${label}, mean ± standard deviation (seeds): ${sorted
        .map(({ variant, summary }) => `${variant} ${sample(summary)}`)
        .join("; ")}.`,
    draw: (width) => draw(width, { looks, rows: sorted, label, reference }),
  });
  return [root];
}

// Intervals of two or three seeds can be far wider than everything else: the seeds choose what is
// shown.
function domainOf(rows) {
  const values = rows.flatMap(({ values: seeds }) => seeds.map(({ value }) => 100 * value));
  const [low, high] = roomy(values);
  const room = high - low;
  const ends = rows.flatMap(({ summary }) => (summary.interval ?? []).map((end) => 100 * end));
  return [
    Math.max(Math.min(low, ...ends), low - room / 2),
    Math.min(Math.max(high, ...ends), high + room / 2),
  ];
}

function draw(width, { looks, rows, label, reference }) {
  const names = rows.map(({ variant }) => variant);
  const longest = Math.max(...names.map((name) => textWidth(cut(name, LONGEST_NAME))));
  const has_labels = width >= LABELS_FROM;
  const dots = rows.flatMap(({ variant, values }) =>
    values.map(({ seed, value }) => ({ variant, seed, value: 100 * value })),
  );
  const intervals = rows.filter(({ summary }) => summary.interval);
  const base = rows.filter(({ variant }) => variant === reference);
  return {
    height: rows.length * ROW + 58,
    marginLeft: longest + 14,
    marginRight: has_labels ? 118 : 14,
    marginTop: 8,
    marginBottom: 46,
    x: { domain: domainOf(rows) },
    y: { domain: names, type: "band", padding: 0.2 },
    marks: [
      gridX(),
      axisX({ label }),
      axisY({ label: null, tickSize: 0, tickFormat: (name) => cut(name, LONGEST_NAME) }),
      ruleX(base, {
        x: ({ summary }) => 100 * summary.mean,
        stroke: "var(--faint)",
        strokeDasharray: "3 3",
      }),
      link(intervals, {
        x1: ({ summary }) => 100 * summary.interval[0],
        x2: ({ summary }) => 100 * summary.interval[1],
        y: "variant",
        stroke: ({ variant }) => looks.colour(variant),
        strokeWidth: 9,
        strokeOpacity: 0.25,
        strokeLinecap: "butt",
        clip: true,
      }),
      ...rows.map(({ variant }) =>
        dot(
          dots.filter((one) => one.variant === variant),
          {
            x: "value",
            y: "variant",
            symbol: looks.symbol(variant),
            stroke: looks.colour(variant),
            strokeWidth: 1.5,
            fill: "var(--card)",
            fillOpacity: 0.5,
            r: 4,
          },
        ),
      ),
      tickX(rows, {
        x: ({ summary }) => 100 * summary.mean,
        y: "variant",
        stroke: ({ variant }) => looks.colour(variant),
        strokeWidth: 3,
      }),
      ...(has_labels
        ? [
            text(rows, {
              y: "variant",
              frameAnchor: "right",
              textAnchor: "start",
              dx: 10,
              text: ({ summary }) => sample(summary),
              fill: "currentColor",
            }),
          ]
        : []),
      hover(dots, {
        x: "value",
        y: "variant",
        title: ({ variant, seed, value }) => `${variant}\nseed ${seed}: ${percent(value / 100)}`,
      }),
    ],
  };
}
