// Numbers and grids as people write them.

const MOST_GRID_SIDE = 12; // rows and columns that the page shows

const NAMES = { inf: Infinity, "+inf": Infinity, "-inf": -Infinity, nan: NaN, "∞": Infinity };

// The float32 that a word says, or null.
export function parseNumber(word) {
  const plain = word.trim().replace("−", "-").toLowerCase();
  if (Object.hasOwn(NAMES, plain)) return NAMES[plain];
  if (plain === "-∞") return -Infinity;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(plain)) return null;
  return Math.fround(Number(plain));
}

function rounded(value, digits) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const text = String(Number(value.toPrecision(digits)));
  return text.replace("-", "−").replace(/e\+?/, "e");
}

// Five digits, with a true minus.
export const shortNumber = (value) => rounded(value, 5);

// What fits into a cell: three digits, of which at most three stand behind the point.
export function cellNumber(value) {
  const is_tiny = value !== 0 && Math.abs(value) < 0.001;
  return is_tiny ? rounded(value, 1) : rounded(Number(value.toFixed(3)), 3);
}

// The shortest digits that read back as the same float32, for fields and links.
export function exactNumber(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  for (let digits = 1; digits < 9; ++digits) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}

// A number in a sum or product: negative ones stand in parentheses.
export function term(value) {
  return value < 0 || Object.is(value, -0) ? `(${shortNumber(value)})` : shortNumber(value);
}

// "(1, 0)": row and column.
export const place = (y, x) => `(${y}, ${x})`;

export class GridError extends Error {}

// "1 3 2; 5 6 1" as {h, w, values}. Throws GridError with the numbers.
export function parseGrid(text) {
  const rows = text
    .split(/[;\n]/)
    .map((row) => row.split(/[\s,]+/).filter((word) => word !== ""))
    .filter((row) => row.length > 0);
  if (rows.length === 0) throw new GridError("Expected rows of numbers such as 1 2; 3 4.");
  const w = rows[0].length;
  rows.forEach((row, y) => {
    if (row.length === w) return;
    throw new GridError(`Row ${y + 1} has ${row.length} numbers, the rows above have ${w}.`);
  });
  if (rows.length > MOST_GRID_SIDE || w > MOST_GRID_SIDE) {
    const most = `${MOST_GRID_SIDE} rows and columns`;
    throw new GridError(`The page shows at most ${most}, found ${rows.length}×${w}.`);
  }
  const values = rows.flat().map((word) => {
    const value = parseNumber(word);
    if (value === null) throw new GridError(`Expected a number, found “${word}”.`);
    return value;
  });
  return { h: rows.length, w, values: Float32Array.from(values) };
}

// The other way: "1 3 2; 5 6 1".
export function formatGrid({ h, w, values }) {
  const rows = [];
  for (let y = 0; y < h; ++y) {
    rows.push(Array.from(values.slice(y * w, (y + 1) * w), exactNumber).join(" "));
  }
  return rows.join("; ");
}
