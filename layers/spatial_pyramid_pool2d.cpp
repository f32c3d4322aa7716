#include "layers/spatial_pyramid_pool2d.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/ranges.h>

#include "core/base/error.h"
#include "layers/window_shape.h"

namespace weir {

SpatialPyramidPool2d::SpatialPyramidPool2d(std::vector<int> levels) : levels_(std::move(levels)) {
  const auto sensible = [](int level) { return level >= 1 && level <= kMostCells; };
  require(!levels_.empty() && std::all_of(levels_.begin(), levels_.end(), sensible),
          "levels must be whole numbers from 1 to {}, got [{}]", kMostCells,
          fmt::join(levels_, ", "));
}

std::string SpatialPyramidPool2d::options() const {
  return fmt::format("levels=[{}]", fmt::join(levels_, ", "));
}

FeatureShape SpatialPyramidPool2d::output_shape(const FeatureShape& in) const {
  require_map(in);
  int64_t features = 0;
  for (const int level : levels_) features += int64_t{in.c} * level * level;
  require(features <= std::numeric_limits<int>::max(),
          "levels [{}] of {} channels would have {} features; use fewer cells",
          fmt::join(levels_, ", "), in.c, features);
  return {.c = static_cast<int>(features), .h = 1, .w = 1, .flat = true};
}

}  // namespace weir
