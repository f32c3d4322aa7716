// How large the cells of a panel are, in pixels, and whether its maps stand side by side.
const LARGEST = 52;
const LARGEST_OF_MANY = 44; // columns, so that the arithmetic is in sight, too
const MANY = 9;
const SMALLEST_BESIDE = 32; // below it the maps stand one above the other
const SMALLEST = 24;
const COMFORTABLE = 38;
const GAP = 3; // between cells
const HEAD = 26; // the numbers of the rows
const BETWEEN = 48; // the maps
const SHAPE = 390; // the text beside the maps, where there is room

const beside = (width, columns) => (width - 2 * HEAD - BETWEEN) / columns - GAP;

// inputs, outputs: columns of the two maps. text_beside: there is room for text beside both.
export function fitCells(width, inputs, outputs) {
  const columns = inputs + outputs;
  const largest = columns > MANY ? LARGEST_OF_MANY : LARGEST;
  const generous = beside(width - SHAPE, columns);
  const text_beside = generous >= COMFORTABLE;
  const size = text_beside ? generous : beside(width, columns);
  if (size >= SMALLEST_BESIDE) {
    return { size: Math.min(size, largest), stacked: false, text_beside };
  }
  const alone = (width - HEAD) / Math.max(inputs, outputs) - GAP;
  return { size: Math.min(Math.max(alone, SMALLEST), largest), stacked: true, text_beside: false };
}
