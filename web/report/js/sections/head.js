// What this is about, and whether it is all there.
import { element } from "../../../js/view/dom.js";
import { whole } from "../format.js";

const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;

function datasets(report) {
  const ids = new Set(report.runs.map(({ run }) => run.dataset.id));
  return [...ids].join(", ");
}

function facts(report) {
  const { json } = report;
  const facts = [["Pictures", datasets(report) || "none yet"]];
  if (report.isRun) {
    const { run } = report.runs[0];
    facts.push(["Training pictures", whole(run.dataset.train)], ["Seed", String(run.seed)]);
    return facts;
  }
  facts.push(["Nets", String(report.variants.length)]);
  if (report.points.length > 1) facts.push(["Grid", report.keys.join(" × ")]);
  facts.push(["Seeds", String(json.seeds.length)]);
  facts.push(["Runs", `${json.runs.complete} of ${json.runs.planned}`]);
  return facts;
}

function banner({ json }) {
  if (json.complete) return [];
  const { planned, complete, given_up } = json.runs;
  const left = planned - complete - given_up;
  const text =
    `Not complete: ${count(left, "run is", "runs are")} missing of ${planned}. ` +
    "The numbers are of those that are there, and pairs with a missing run are not tested.";
  return [element("p", { class: "banner" }, text)];
}

export function head(report) {
  const list = facts(report).map(([name, value]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, value)),
  );
  return [
    element("p", { class: "kind" }, report.isRun ? "Weir, a run" : "Weir, a comparison"),
    element("h1", {}, report.json.compare),
    element("dl", { class: "facts" }, ...list),
    ...banner(report),
  ];
}
