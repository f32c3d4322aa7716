// Which window is shown: buttons, a slider, and playing by itself.
import { element, setText } from "./dom.js";

const PAUSE_MS = 1100; // between windows while playing

export class Playback {
  // onStep(number): show that window.
  constructor(root, onStep) {
    this.onStep = onStep;
    this.count = 1;
    this.step = 0;
    this.timer = null;
    const button = (text, label, go, attributes = {}) =>
      element(
        "button",
        { type: "button", "aria-label": label, title: label, onclick: go, ...attributes },
        text,
      );
    this.first = button("|◀", "First window", () => this.go(0));
    this.back = button("◀", "Window before", () => this.go(this.step - 1));
    this.play = button("▶ Play", "Play", () => this.toggle(), { class: "play" });
    this.next = button("▶", "Next window", () => this.go(this.step + 1));
    this.last = button("▶|", "Last window", () => this.go(this.count - 1));
    this.slider = element("input", {
      type: "range",
      min: 0,
      step: 1,
      "aria-label": "Window",
      oninput: () => this.go(Number(this.slider.value)),
    });
    this.label = element("p", { class: "where" });
    const buttons = element(
      "div",
      { class: "buttons" },
      this.first,
      this.back,
      this.play,
      this.next,
      this.last,
    );
    const keys = element("p", { class: "keys" }, "Keys: ", ...keyHints());
    root.append(buttons, this.slider, this.label, keys);
  }

  update({ step, count, place }) {
    this.step = step;
    this.count = count;
    this.slider.max = String(Math.max(count - 1, 0));
    this.slider.value = String(step);
    this.slider.setAttribute("aria-valuetext", `window ${step + 1} of ${count}`);
    setText(
      this.label,
      count > 0 ? `Window ${step + 1} of ${count}: output ${place}` : "No windows",
    );
    this.slider.disabled = count < 2;
  }

  go(step) {
    this.stop();
    this.#show(step);
  }

  #show(step) {
    const inside = Math.min(Math.max(step, 0), this.count - 1);
    if (inside !== this.step && inside >= 0) this.onStep(inside);
  }

  toggle() {
    if (this.timer) return this.stop();
    if (this.step >= this.count - 1) this.#show(0);
    this.#setPlaying(true);
    this.timer = setInterval(() => {
      this.#show(this.step + 1);
      if (this.step >= this.count - 1) this.stop();
    }, PAUSE_MS);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.#setPlaying(false);
  }

  #setPlaying(playing) {
    setText(this.play, playing ? "‖ Pause" : "▶ Play");
    this.play.setAttribute("aria-label", playing ? "Pause" : "Play");
  }

  // The keys of the whole page; fields keep their own.
  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest("input, select, textarea, summary")) return;
    const moves = {
      ArrowRight: () => this.go(this.step + 1),
      ArrowLeft: () => this.go(this.step - 1),
      Home: () => this.go(0),
      End: () => this.go(this.count - 1),
    };
    if (!event.target.closest("button, a")) moves[" "] = () => this.toggle();
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  }
}

const keyHints = () => ["←", "→", "Home", "End", "Space"].map((key) => element("kbd", {}, key));
