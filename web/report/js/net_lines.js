// One line for each net, the mean of its seeds, with a band from the smallest to the largest. Up to
// eight nets share a drawing; more get one each, with the others in grey behind.
import { areaY, axisX, axisY, dot, gridY, lineY } from "@observablehq/plot";
import { element } from "../../js/view/dom.js";
import { chart, hover, roomy } from "./chart.js";
import { edgeWidth, labelMarks, placeLabels } from "./edge_labels.js";

const MOST_TOGETHER = 8;
const LABELS_FROM = 560; // pixels: narrower drawings have no room beside the lines
const LONGEST_LABEL = 22;
const BOTTOM = 46;
const TOP = 22;

// How many nets share one drawing, and one legend.
export const sharesDrawing = (variants) => variants.length <= MOST_TOGETHER;

// series: [{variant, points: [{x, mean, low, high, count}]}]. x, y: {label, write, tick, ..}.
export class NetLines {
  constructor({ looks, legend, series, title, caption, x, y }) {
    Object.assign(this, { looks, legend, title, caption, x, y });
    this.series = series.filter(({ points }) => points.length > 0);
    const ends = this.series.flatMap(({ points }) => points.flatMap((p) => [p.low, p.high]));
    this.domain = roomy(ends);
    const places = this.series.flatMap(({ points }) => points.map((p) => p.x));
    this.reach = [Math.min(...places), Math.max(...places)];
  }

  nodes() {
    if (this.series.length === 0) return [];
    return [sharesDrawing(this.series) ? this.#together() : this.#apart()];
  }

  #together() {
    const { root, redraw } = chart({
      title: this.title,
      caption: this.caption,
      describe: () => this.#describe(this.#shown()),
      draw: (width) => this.#draw(width, this.#shown()),
    });
    this.legend.onChange(redraw);
    return root;
  }

  #shown() {
    return this.series.filter(({ variant }) => this.legend.shows(variant));
  }

  #draw(width, shown) {
    const labels = width >= LABELS_FROM;
    const height = Math.round(Math.max(240, Math.min(340, width * 0.55)));
    const names = shown.map(({ variant }) => variant);
    const marginRight = labels ? edgeWidth(names, LONGEST_LABEL) : 12;
    return {
      ...this.#axes(height, marginRight),
      marks: [
        gridY(),
        axisX({ label: this.x.label, tickFormat: this.x.tick, ticks: this.x.ticks }),
        axisY({ label: this.y.label, tickFormat: this.y.tick }),
        ...shown.flatMap((one) => this.#bandAndLine(one)),
        ...(labels ? this.#labels(shown, height) : []),
        this.#tip(shown),
      ],
    };
  }

  #axes(height, marginRight) {
    return {
      height,
      marginLeft: 46,
      marginRight,
      marginTop: TOP,
      marginBottom: BOTTOM,
      x: { domain: this.reach, type: this.x.type ?? "linear" },
      y: { domain: this.domain },
    };
  }

  #bandAndLine({ variant, points }) {
    const stroke = this.looks.colour(variant);
    const common = { x: "x", stroke };
    return [
      areaY(points, { x: "x", y1: "low", y2: "high", fill: stroke, fillOpacity: 0.14 }),
      lineY(points, {
        ...common,
        y: "mean",
        strokeWidth: 2,
        strokeDasharray: this.looks.dash(variant),
      }),
      dot(points.length > 15 ? points.slice(-1) : points, {
        ...common,
        y: "mean",
        fill: stroke,
        symbol: this.looks.symbol(variant),
        r: 3,
      }),
    ];
  }

  // Each net's name where its line ends.
  #labels(shown, height) {
    const frame = { domain: this.domain, height, top: TOP, bottom: BOTTOM };
    const ends = shown.map(({ variant, points }) => ({ variant, y: points.at(-1).mean }));
    const where = { edge: this.reach[1], looks: this.looks, longest: LONGEST_LABEL };
    return labelMarks(placeLabels(ends, frame), where);
  }

  #tip(shown) {
    const all = shown.flatMap(({ variant, points }) =>
      points.map((point) => ({ variant, ...point })),
    );
    return hover(all, { x: "x", y: "mean", title: (point) => this.#words(point) });
  }

  #words({ variant, x, mean, low, high, count }) {
    const { write } = this.y;
    const spread = count > 1 ? `\n${write(low)} to ${write(high)} over ${count} seeds` : "";
    return `${variant}\n${this.x.name} ${this.x.write(x)}: ${write(mean)}${spread}`;
  }

  #describe(shown) {
    const ends = shown.map(({ variant, points }) => {
      const [first, last] = [points[0], points.at(-1)];
      const { write } = this.y;
      return `${variant} from ${write(first.mean)} to ${write(last.mean)}`;
    });
    return `Lines over ${this.x.name} ${this.x.write(this.reach[0])} to ${this.x.write(this.reach[1])}: ${ends.join("; ")}.`;
  }

  #apart() {
    const small = this.series.map((one) => this.#small(one));
    return element(
      "figure",
      { class: "chart" },
      element("h3", {}, this.title),
      element("div", { class: "many" }, ...small),
      element("figcaption", {}, `${this.caption} One drawing for each net; grey: the others.`),
    );
  }

  #small(one) {
    const { root } = chart({
      title: one.variant,
      level: "h4",
      caption: "",
      describe: () => this.#describe([one]),
      draw: () => this.#drawSmall(one),
    });
    root.querySelector("h4").prepend(this.looks.swatch(one.variant));
    return root;
  }

  #drawSmall(one) {
    const others = this.series.filter((other) => other !== one);
    return {
      ...this.#axes(150, 8),
      marginBottom: 30,
      marginTop: 8,
      marginLeft: 34,
      marks: [
        gridY({ ticks: 4 }),
        axisX({ label: null, ticks: 4, tickFormat: this.x.tick }),
        axisY({ label: null, ticks: 4, tickFormat: this.y.tick }),
        ...others.map(({ points }) =>
          lineY(points, { x: "x", y: "mean", stroke: "var(--others)", strokeWidth: 1 }),
        ),
        ...this.#bandAndLine(one),
        this.#tip([one]),
      ],
    };
  }
}
