// Moves labels apart, each as little as possible: neighbours that would overlap become one block
// around their common middle, until no two blocks touch.

// places: numbers. Returns theirs, at least `gap` apart, in the same order, all in [least, most]
// as far as they fit.
export function spreadOut(places, gap, least, most) {
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b]);
  const blocks = [];
  for (const i of order) {
    blocks.push({ members: [i], middle: places[i] });
    for (
      let last = blocks.length - 1;
      last > 0 && touch(blocks[last - 1], blocks[last], gap);
      --last
    ) {
      const [a, b] = blocks.splice(last - 1, 2);
      const members = [...a.members, ...b.members];
      const middle = members.reduce((sum, at) => sum + places[at], 0) / members.length;
      blocks.push({ members, middle: inside(middle, members.length * gap, least, most) });
    }
  }
  const moved = new Array(places.length);
  for (const { members, middle } of blocks) {
    const half = (members.length * gap) / 2;
    const start = inside(middle, 2 * half, least, most) - half + gap / 2;
    members.forEach((i, k) => (moved[i] = start + k * gap));
  }
  return moved;
}

const reach = ({ members }, gap) => (members.length * gap) / 2;
const touch = (a, b, gap) => a.middle + reach(a, gap) > b.middle - reach(b, gap);
const inside = (middle, size, least, most) =>
  Math.max(least + size / 2, Math.min(most - size / 2, middle));
