// Links to what is worth a look. They lead to addresses of this page.
import { LESSONS } from "../lessons.js";
import { element } from "./dom.js";

export function addLessons(root) {
  const cards = LESSONS.map(({ title, hash, text }) =>
    element("li", {}, element("a", { href: hash }, title), element("p", {}, text)),
  );
  root.append(element("ul", {}, ...cards));
}
