#include "explain/measure/regions.h"

#include <algorithm>

namespace weir {
namespace {

// Takes the cells of one region out of `open`, beginning at `start`.
Region take_region(const HeatMap& map, size_t start, std::vector<char>& open,
                   std::vector<size_t>& waiting) {
  const auto width = static_cast<size_t>(map.width);
  Region region{.box = {.left = map.width, .top = map.height, .right = 0, .bottom = 0}};
  waiting.assign(1, start);
  open[start] = 0;
  while (!waiting.empty()) {
    const int y = static_cast<int>(waiting.back() / width);
    const int x = static_cast<int>(waiting.back() % width);
    waiting.pop_back();
    Box& box = region.box;
    box = {.left = std::min(box.left, x),
           .top = std::min(box.top, y),
           .right = std::max(box.right, x + 1),
           .bottom = std::max(box.bottom, y + 1)};
    ++region.cells;
    for (int ny = std::max(y - 1, 0); ny <= std::min(y + 1, map.height - 1); ++ny) {
      for (int nx = std::max(x - 1, 0); nx <= std::min(x + 1, map.width - 1); ++nx) {
        const size_t next = static_cast<size_t>(ny) * width + static_cast<size_t>(nx);
        if (open[next] == 0) continue;
        open[next] = 0;
        waiting.push_back(next);
      }
    }
  }
  return region;
}

}  // namespace

std::vector<Region> regions_above(const HeatMap& map, float threshold) {
  std::vector<char> open(map.values.size());
  std::transform(map.values.begin(), map.values.end(), open.begin(),
                 [threshold](float value) { return static_cast<char>(value > threshold); });
  std::vector<size_t> waiting;
  std::vector<Region> regions;
  for (size_t i = 0; i < open.size(); ++i) {
    if (open[i] != 0) regions.push_back(take_region(map, i, open, waiting));
  }
  return regions;
}

}  // namespace weir
