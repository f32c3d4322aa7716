#include "explain/measure/box.h"

#include <algorithm>

namespace weir {

double intersection_over_union(const Box& a, const Box& b) {
  const int width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const int height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const int64_t both = int64_t{width} * height;
  return static_cast<double>(both) / static_cast<double>(a.area() + b.area() - both);
}

Box box_around(std::span<const uint8_t> mask, int height, int width) {
  Box box{.left = width, .top = height, .right = 0, .bottom = 0};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (mask[static_cast<size_t>(y) * width + x] == 0) continue;
      box = {.left = std::min(box.left, x),
             .top = std::min(box.top, y),
             .right = std::max(box.right, x + 1),
             .bottom = y + 1};
    }
  }
  return box.right > 0 ? box : Box{};
}

}  // namespace weir
