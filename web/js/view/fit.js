// How large the cells of a panel are, in pixels, and whether its maps stand side by side.
const LARGEST = 52;
const SMALLEST_BESIDE = 32; // below it the maps stand one above the other
const SMALLEST = 24;
const COMFORTABLE = 38;
const GAP = 3; // between cells
const HEAD = 26; // the numbers of the rows
const BETWEEN = 60; // the maps
const SHAPE = 390; // the text beside the maps, where there is room

const beside = (width, columns) => (width - 2 * HEAD - BETWEEN) / columns - GAP;

// inputs, outputs: columns of the two maps.
export function fitCells(width, inputs, outputs, has_text_beside) {
  const columns = inputs + outputs;
  const generous = has_text_beside ? beside(width - SHAPE, columns) : 0;
  const size = generous >= COMFORTABLE ? generous : beside(width, columns);
  if (size >= SMALLEST_BESIDE) return { size: Math.min(size, LARGEST), stacked: false };
  const alone = (width - HEAD) / Math.max(inputs, outputs) - GAP;
  return { size: Math.min(Math.max(alone, SMALLEST), LARGEST), stacked: true };
}
