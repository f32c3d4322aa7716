// The convolutions that slide with a stride where others pool: what their filters look like beside
// those of pooling.
import { areaY, axisX, axisY, lineY, ruleX, ruleY } from "@observablehq/plot";
import { element } from "../../../js/view/dom.js";
import { chart } from "../chart.js";
import { fixed, percent, short, whole } from "../format.js";
import { largestOf, tile } from "../tiles.js";

const BINS = 20;
const CELL = 30;
const SMALL = 16;

const pascal = (size) => {
  let row = [1];
  while (row.length < size) row = [...row, 0].map((value, i) => value + (row[i - 1] ?? 0));
  return row;
};

// What pooling would be, as filters of this size.
function references([height, width]) {
  const make = (at) =>
    Array.from({ length: height }, (_, y) => Array.from({ length: width }, (__, x) => at(y, x)));
  const [rows, columns] = [pascal(height), pascal(width)];
  const [middleY, middleX] = [(height - 1) >> 1, (width - 1) >> 1];
  return [
    { name: "box", words: "average pooling", taps: make(() => 1 / (height * width)) },
    {
      name: "binomial",
      words: "blur pooling",
      taps: make((y, x) => (rows[y] * columns[x]) / 2 ** (height + width - 2)),
    },
    {
      name: "delta",
      words: "every second pixel",
      taps: make((y, x) => Number(y === middleY && x === middleX)),
    },
  ];
}

function figure(rows, name, words, largest = largestOf(rows)) {
  const description = `${name}: ${rows.map((row) => row.map(short).join(" ")).join("; ")}`;
  const write = (value) => fixed(value, 2);
  const drawn = tile(rows, { largest, cell: CELL, description, write });
  const caption = element("figcaption", {}, element("b", {}, name), ` ${words}`);
  return element("figure", { class: "kernel" }, drawn, caption);
}

// One scale for all, so that a mean of almost nothing looks like it.
function meanTiles({ all, same_channel: own }) {
  const groups = own ? [[own, "from a channel to itself"]] : [];
  groups.push([all, "of all filters"]);
  const largest = Math.max(
    ...groups.map(([group]) => Math.max(largestOf(group.mean), largestOf(group.mean_absolute))),
  );
  return groups.flatMap(([group, words]) => [
    figure(group.mean, "mean", words, largest),
    figure(group.mean_absolute, "mean size", `${words}, signs left out`, largest),
  ]);
}

// Shares of filters by cosine, as a staircase.
function staircase({ counts }) {
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.flatMap((count, i) => {
    const share = all > 0 ? (100 * count) / all : 0;
    return [
      { x: -1 + (2 * i) / BINS, share },
      { x: -1 + (2 * (i + 1)) / BINS, share },
    ];
  });
}

const outline = (cosines, stroke) =>
  lineY(staircase(cosines), { x: "x", y: "share", stroke, strokeWidth: 1.5 });

function filled(cosines, fill) {
  const area = { x: "x", y1: 0, y2: "share", fill, fillOpacity: 0.3 };
  return [areaY(staircase(cosines), area), outline(cosines, fill)];
}

function histogram({ layer, kernel, all, same_channel: own }, { name, words }) {
  const noise = 1 / Math.sqrt(kernel[0] * kernel[1]);
  const lines = [
    outline(all[name], "var(--faint)"),
    ...(own ? filled(own[name], "var(--shown)") : []),
  ];
  const mean = (group) => short(group[name].mean ?? 0);
  return chart({
    title: `Cosine to the ${name}`,
    level: "h5",
    caption: `${words}; dotted: ∓ ${noise.toFixed(2)}`,
    describe: () =>
      `Histogram of layer ${layer}. Mean cosine ${mean(all)} over all filters${own ? `, ${mean(own)} over those from a channel to itself` : ""}.`,
    draw: () => ({
      height: 140,
      marginLeft: 30,
      marginRight: 8,
      marginTop: 24,
      marginBottom: 26,
      x: { domain: [-1, 1] },
      marks: [
        axisX({ label: null, ticks: [-1, -0.5, 0, 0.5, 1], tickFormat: short }),
        axisY({ label: "% of filters", ticks: 3, labelArrow: "none" }),
        ruleX([-noise, noise], { stroke: "var(--faint)", strokeDasharray: "2 3" }),
        ...lines,
        ruleY([0]),
      ],
    }),
  }).root;
}

function examples({ examples: list, same_channel: own }) {
  const largest = Math.max(...list.map(({ taps }) => largestOf(taps)));
  const drawn = list.map((one) => {
    const words = `channel ${one.in} to ${one.out}, cosine to the box ${short(one.box)}`;
    const picture = tile(one.taps, { largest, cell: SMALL, description: words });
    return element(
      "figure",
      { class: "kernel" },
      picture,
      element("figcaption", {}, fixed(one.box, 2)),
    );
  });
  const which = own ? "filters from a channel to itself" : "all filters";
  return element(
    "figure",
    { class: "examples" },
    element("h5", {}, "Examples"),
    element("div", { class: "tiles" }, ...drawn),
    element(
      "figcaption",
      {},
      `${list.length} of ${which}, at equal steps of rank by their cosine to the box, which stands below each. One scale for all.`,
    ),
  );
}

function words(layer) {
  const { all, same_channel: own, same_channel_energy: energy, in_channels } = layer;
  const gain = ({ dc_gain: { mean, deviation } }) => `${short(mean)} ± ${short(deviation)}`;
  const of_all = `Sum of taps (what a flat map becomes): ${gain(all)} over all ${whole(all.count)} filters`;
  if (!own) return `${of_all}.`;
  const share =
    energy === null
      ? ""
      : ` These hold ${percent(energy, 1)}% of the squared weights; without a preference for the own channel it would be ${percent(1 / in_channels, 1)}%.`;
  return `${of_all}, ${gain(own)} over the ${whole(own.count)} from a channel to itself.${share}`;
}

function layerPart(layer) {
  const { kernel, stride, in_channels, out_channels } = layer;
  const title = `${layer.layer}: ${kernel.join("×")}, stride ${stride.join("×")}, ${in_channels} → ${out_channels} channels`;
  const shapes = references(kernel);
  return element(
    "div",
    { class: "layer" },
    element("h4", {}, title),
    element("p", {}, words(layer)),
    element("div", { class: "tiles" }, ...meanTiles(layer)),
    element("div", { class: "histograms" }, ...shapes.map((shape) => histogram(layer, shape))),
    examples(layer),
  );
}

function netPart({ variant, filters: found }, looks) {
  const layers = found.layers.map((layer) => layerPart(layer));
  const run = element("small", {}, ` best weights of ${found.run}`);
  return element("article", {}, element("h3", {}, looks.swatch(variant), variant, run), ...layers);
}

const LEAD =
  "A convolution with a stride could learn to pool: average pooling is the box filter from each channel to itself, and nothing between " +
  "channels. Histograms show how near its filters come in shape: 1 is the same shape whatever its size, −1 its negative, and random numbers " +
  "mostly stay between the dotted lines. Blue: from a channel to itself. Grey: all filters.";

export function filters(report, looks, { cells }) {
  const nets = cells.filter((cell) => cell.filters);
  if (nets.length === 0) return [];
  const shapes = references(nets[0].filters.layers[0].kernel);
  return [
    element("p", { class: "note" }, LEAD),
    element(
      "div",
      { class: "tiles beside" },
      ...shapes.map(({ taps, name, words: says }) => figure(taps, name, says)),
    ),
    ...nets.map((net) => netPart(net, looks)),
  ];
}
