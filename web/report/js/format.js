// Numbers as the page writes them.

const HUNDRED = 100;

// A true minus, and none before zero.
const withMinus = (text) => (/^-[0.]*$/.test(text) ? text.slice(1) : text.replace("-", "−"));

export const fixed = (value, digits) => withMinus(value.toFixed(digits));

// Shares are 0 to 1 in the data and percent on the page; differences are points of a percent.
export const percent = (share, digits = 2) => fixed(HUNDRED * share, digits);

export function points(difference) {
  const text = percent(difference);
  return text.startsWith("−") ? text : `+${text}`;
}

export const whole = (value) => Math.round(value).toLocaleString("en-US");

const MILLION = 1e6;
export const millions = (value) => (value / MILLION).toFixed(1);

// Two digits that count, as in "0.016".
export const probability = (p) => (p < 0.001 ? "< 0.001" : String(Number(p.toPrecision(2))));

// Three digits that count, for numbers of any size.
export const short = (value) => withMinus(String(Number(value.toPrecision(3))));

export const NOTHING = "–";

// What `write` makes of a value, or a dash.
export const orNothing = (value, write) =>
  value === null || value === undefined ? NOTHING : write(value);

export const range = ([low, high], write = percent) => `${write(low)} to ${write(high)}`;

// "90.81 ± 0.40 (5)": mean, standard deviation, how many.
export function sample({ mean, deviation, count }, write = percent) {
  const spread = count > 1 ? ` ± ${write(deviation)}` : "";
  return `${write(mean)}${spread} (${count})`;
}

// As a shell reads it back.
export function shellWord(word) {
  if (/^[\w./=,:@%+-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
