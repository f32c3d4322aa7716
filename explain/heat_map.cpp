#include "explain/heat_map.h"

#include <algorithm>

#include "core/base/error.h"
#include "datasets/resize_line.h"

namespace weir {
namespace {

HeatMap with_rows_resized(const HeatMap& map, int width) {
  const std::vector<PixelTaps> line = resize_line(map.width, width, ResizeMethod::kBilinear);
  HeatMap wide{.height = map.height, .width = width, .values = {}};
  for (int y = 0; y < map.height; ++y) {
    for (const PixelTaps& taps : line) {
      float sum = 0;
      for (size_t k = 0; k < taps.weights.size(); ++k) {
        sum += taps.weights[k] * map.at(y, taps.first + static_cast<int>(k));
      }
      wide.values.push_back(sum);
    }
  }
  return wide;
}

HeatMap transposed(const HeatMap& map) {
  HeatMap turned{.height = map.width, .width = map.height, .values = {}};
  for (int x = 0; x < map.width; ++x) {
    for (int y = 0; y < map.height; ++y) turned.values.push_back(map.at(y, x));
  }
  return turned;
}

}  // namespace

float HeatMap::lowest() const { return *std::min_element(values.begin(), values.end()); }
float HeatMap::highest() const { return *std::max_element(values.begin(), values.end()); }

HeatMap resized(const HeatMap& map, int height, int width) {
  require(height >= 1 && width >= 1 && !map.values.empty(),
          "heat map: every side must be at least 1, found {} x {} to {} x {}", map.height,
          map.width, height, width);
  if (height == map.height && width == map.width) return map;
  const HeatMap wide = with_rows_resized(map, width);
  return transposed(with_rows_resized(transposed(wide), height));
}

HeatMap rectified(HeatMap map) {
  for (float& value : map.values) value = std::max(value, 0.f);
  return map;
}

}  // namespace weir
