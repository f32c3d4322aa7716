// One number for each place of a picture: how much it says for a class.
#pragma once

#include <cstddef>
#include <vector>

namespace weir {

// As large as the method makes it: the last maps of a network, or the picture itself. Its cells
// cover the picture evenly. values: row-major (height, width); signed, without a scale in common.
struct HeatMap {
  int height = 0, width = 0;
  std::vector<float> values;

  float at(int y, int x) const { return values[static_cast<size_t>(y) * width + x]; }
  // Of a map that is not empty.
  float lowest() const;
  float highest() const;
  bool operator==(const HeatMap&) const = default;
};

// Bilinear, as PyTorch's interpolate(align_corners=False). Throws kUsage for a size below 1.
HeatMap resized(const HeatMap& map, int height, int width);

// The map with its negative values as 0.
HeatMap rectified(HeatMap map);

}  // namespace weir
