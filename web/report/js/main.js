// The page: the numbers of one comparison, section by section.
import { element, select } from "../../js/view/dom.js";
import { Looks } from "./looks.js";
import { Report } from "./report.js";
import { head } from "./sections/head.js";
import { answer } from "./sections/answer.js";
import { nets } from "./sections/nets.js";
import { curves } from "./sections/curves.js";
import { seeds } from "./sections/seeds.js";
import { cost } from "./sections/cost.js";
import { grid } from "./sections/grid.js";
import { significance } from "./sections/significance.js";
import { confusion } from "./sections/confusion.js";
import { filters } from "./sections/filters.js";
import { shift } from "./sections/shift.js";
import { failures } from "./sections/failures.js";
import { configuration } from "./sections/configuration.js";
import { origin } from "./sections/origin.js";

// In the order of the page. build(report, looks, point) gives nodes; none: the section is left out.
// Those with `at_point` show one point of the grid. The page of a run has some other titles.
const SECTIONS = [
  { id: "answer", title: "Answer", of_run: "Result", build: answer },
  { id: "nets", title: "Nets", of_run: "Net", build: nets },
  { id: "curves", title: "Learning curves", build: curves, at_point: true },
  { id: "seeds", title: "Every seed", of_run: "Numbers", build: seeds, at_point: true },
  { id: "cost", title: "Cost", build: cost, at_point: true },
  { id: "grid", title: "Along the grid", build: grid, at_point: true },
  { id: "significance", title: "Differences", build: significance, at_point: true },
  { id: "confusion", title: "Confusion", build: confusion, at_point: true },
  { id: "filters", title: "Learned filters", build: filters, at_point: true },
  { id: "shift", title: "Shifted pictures", build: shift, at_point: true },
  { id: "failures", title: "Restarts", build: failures },
  { id: "configuration", title: "Configurations", build: configuration },
  { id: "origin", title: "Origin", build: origin },
];

const find = (id) => document.getElementById(id);

class Page {
  constructor(report) {
    this.report = report;
    this.looks = new Looks(report.variants);
    this.place = 0;
    document.title = `${report.json.compare}: ${report.isRun ? "a run" : "a comparison"}`;
    find("head").append(...head(report));
    this.sections = SECTIONS.map((section) => this.#make(section)).filter(Boolean);
    find("main").append(...this.sections.map(({ root }) => root));
    this.#addContents();
    addEventListener("beforeprint", () => this.#unfold());
  }

  #build({ build }) {
    return build(this.report, this.looks, this.report.points[this.place]);
  }

  // Has another point of the grid something to show there?
  #isElsewhere({ build, at_point }) {
    const { points } = this.report;
    return at_point && points.some((point) => build(this.report, this.looks, point).length > 0);
  }

  #make(section) {
    const nodes = this.#build(section);
    if (nodes.length === 0 && !this.#isElsewhere(section)) return null;
    const title = (this.report.isRun && section.of_run) || section.title;
    const heading = element("h2", { id: `${section.id}-title` }, title);
    const body = element("div", { class: "body" }, ...nodes);
    const labels = { id: section.id, "aria-labelledby": `${section.id}-title` };
    return { ...section, title, body, root: element("section", labels, heading, body) };
  }

  #addContents() {
    const links = this.sections.map(({ id, title }) =>
      element("li", {}, element("a", { href: `#${id}` }, title)),
    );
    find("contents").append(element("ul", {}, ...links));
    if (this.report.points.length > 1) find("contents").append(this.#pointChoice());
  }

  #pointChoice() {
    const labels = Object.fromEntries(this.report.points.map(({ label }, i) => [i, label]));
    const show = ({ target }) => {
      this.place = Number(target.value);
      for (const section of this.sections) {
        if (section.at_point) section.body.replaceChildren(...this.#build(section));
      }
    };
    const field = select(labels, "0", { id: "point", onchange: show });
    return element("label", { class: "point" }, element("span", {}, "Charts at"), field);
  }

  // On paper nothing can be opened.
  #unfold() {
    for (const part of document.querySelectorAll("details")) part.open = true;
  }
}

try {
  new Page(new Report(JSON.parse(find("data").textContent)));
} catch (error) {
  const words = `This page cannot show its data: ${error.message}`;
  find("main").prepend(element("p", { class: "fault" }, words));
}
