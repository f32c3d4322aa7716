// The answer first: a sentence for each pair, the shown differences before the others.
import { element } from "../../../js/view/dom.js";
import { NOTHING, points, range } from "../format.js";

const MOST_OPEN = 6; // pairs without a shown difference that are not folded away

const STATES = {
  shown: "difference shown",
  open: "no difference shown",
  untested: "not tested",
};

function stateOf(pair) {
  if (!pair.tested) return "untested";
  return pair.shown ? "shown" : "open";
}

// As the sentence says it: what the better one is ahead by, when one is shown to be better.
function gainOf({ shown, difference, interval }) {
  if (!shown || difference >= 0) return { gain: difference, interval };
  return { gain: -difference, interval: interval && interval.map((end) => -end).reverse() };
}

function number(pair) {
  if (!pair.tested) return element("p", { class: "difference" }, NOTHING);
  const { gain, interval } = gainOf(pair);
  const words = interval ? `95% interval ${range(interval, points)}` : "one seed";
  return element(
    "p",
    { class: "difference" },
    element("b", {}, points(gain)),
    element("span", {}, " points"),
    element("small", {}, words),
  );
}

function verdict(pair) {
  const state = stateOf(pair);
  return element(
    "li",
    { class: `verdict ${state}` },
    number(pair),
    element(
      "div",
      {},
      element(
        "p",
        { class: "pair" },
        element("span", { class: "badge" }, STATES[state]),
        " ",
        element("b", {}, pair.name),
      ),
      element("p", { class: "sentence" }, pair.sentence),
    ),
  );
}

const list = (pairs) => element("ul", { class: "verdicts" }, ...pairs.map(verdict));

function notes({ answer, pairs }) {
  const sentences = new Set(pairs.map(({ sentence }) => sentence));
  const lines = answer.filter((line) => !sentences.has(line));
  if (lines.length === 0) return [];
  return [element("ul", { class: "notes" }, ...lines.map((line) => element("li", {}, line)))];
}

export function answer(report) {
  const { json } = report;
  if (report.isRun) return [element("p", { class: "lead" }, json.answer.join(" "))];
  const shown = json.pairs.filter((pair) => stateOf(pair) === "shown");
  const others = json.pairs.filter((pair) => stateOf(pair) !== "shown");
  const parts = shown.length > 0 ? [list(shown)] : [];
  if (shown.length > 0 && others.length > MOST_OPEN) {
    const words = `${others.length} more pairs, without a difference shown`;
    parts.push(element("details", {}, element("summary", {}, words), list(others)));
  } else if (others.length > 0) {
    parts.push(list(others));
  }
  return [...parts, ...notes(json)];
}
