// Data set, machine and program, and the commands that do it again.
import { element } from "../../../js/view/dom.js";
import { shellWord, whole } from "../format.js";
import { table } from "../table.js";

function copied(button, text, code) {
  const done = () => (button.textContent = "Copied");
  const by_hand = () => {
    getSelection().selectAllChildren(code);
    button.textContent = "Selected";
  };
  if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, by_hand);
  else by_hand();
}

function command(text, words) {
  const code = element("code", {}, text);
  const copy = element(
    "button",
    { type: "button", onclick: ({ target }) => copied(target, text, code) },
    "Copy",
  );
  return element(
    "li",
    {},
    element("p", {}, words),
    element("div", { class: "command" }, code, copy),
  );
}

function commands(report) {
  const { json } = report;
  const list = [];
  if (json.plan?.file) {
    const words = ["weir", "compare", json.plan.file, ...json.plan.overrides].map(shellWord);
    list.push(
      command(words.join(" "), "The comparison: complete runs are kept, missing ones are trained."),
    );
  }
  const first = report.runs[0]?.run;
  if (first) {
    const folder = first.folder === "." ? "" : `${first.folder}/`;
    const train = ["weir", "train", `${folder}config.yaml`, "output.dir=again"].map(shellWord);
    list.push(
      command(
        train.join(" "),
        "One run, in the folder of this page, into a folder of its own: on the same kind of processor its weights get the same SHA-256.",
      ),
    );
  }
  list.push(command("weir report .", "This page, in its folder."));
  return element("ul", { class: "commands" }, ...list);
}

function datasets(report) {
  const sets = new Map();
  for (const { run } of report.runs) {
    const { id, sha256, source, train, val, test } = run.dataset;
    sets.set(JSON.stringify([sha256, train, val, test]), { id, sha256, source, train, val, test });
  }
  if (sets.size === 0) return [];
  const number = (name, head) => ({ head, show: (set) => whole(set[name]) });
  return [
    table({
      caption: "Pictures",
      rows: [...sets.values()],
      columns: [
        { head: "Data set", is_head: true, show: ({ id }) => id },
        number("train", "Training"),
        number("val", "Validation"),
        number("test", "Test"),
        { head: "From", is_text: true, show: ({ source }) => source },
        {
          head: "SHA-256",
          is_text: true,
          show: ({ sha256 }) => element("code", { class: "sha" }, sha256),
        },
      ],
    }),
  ];
}

const plain = (value) => (typeof value === "string" ? value : JSON.stringify(value));

function machines(report) {
  const all = report.json.environments ?? [];
  if (all.length === 0) return [];
  const keys = [...new Set(all.flatMap((environment) => Object.keys(environment)))];
  const runs = all.map((_, i) => report.runs.filter(({ run }) => run.environment === i).length);
  const columns = all.map((environment, i) => ({
    head: all.length === 1 ? "Value" : `Machine ${i + 1}`,
    note: runs[i] === 1 ? "1 run" : `${runs[i]} runs`,
    is_text: true,
    show: (key) => (key in environment ? plain(environment[key]) : "–"),
  }));
  const head = { head: "Field", is_head: true, show: (key) => key };
  return [table({ caption: "Machine and program", rows: keys, columns: [head, ...columns] })];
}

export function origin(report) {
  const again = element("h3", {}, "Do it again");
  return [...datasets(report), ...machines(report), again, commands(report)];
}
