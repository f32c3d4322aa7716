#include "core/functions/spatial_pyramid_pool2d.h"

#include <algorithm>
#include <utility>

#include <fmt/ranges.h>

#include "core/base/error.h"
#include "core/functions/max_pool2d_indices.h"
#include "core/functions/require_images.h"
#include "core/kernels/flat_features.h"

namespace weir {
namespace {

int features_of(const Variable& map) { return map.value().c() * map.value().h() * map.value().w(); }

// torch.cat([map.flatten(1) for map in maps], 1).
Variable concatenated(std::vector<Variable> maps) {
  const Tensor& any = maps.front().value();
  int count = 0;
  bool recording = false;
  for (const Variable& map : maps) {
    count += features_of(map);
    recording = recording || records({&map});
  }
  Variable features(Tensor::images(any.n(), count, 1, 1, any.dtype()), recording);
  int first = 0;
  for (const Variable& map : maps) {
    kernels::put_features(map.value(), first, features.value());
    first += features_of(map);
  }
  if (recording) {
    Tape::active()->record("spatial_pyramid_pool2d", features,
                           [maps = std::move(maps)](const Tensor& dy) {
                             int begin = 0;
                             for (const Variable& map : maps) {
                               Tensor dx = Tensor::like(map.value());
                               kernels::take_features(dy, begin, dx);
                               map.accumulate_grad(dx);
                               begin += features_of(map);
                             }
                           });
  }
  return features;
}

}  // namespace

Variable spatial_pyramid_pool2d(const Variable& x, const std::vector<int>& levels) {
  require_images("spatial_pyramid_pool2d", x);
  require(!levels.empty() && *std::min_element(levels.begin(), levels.end()) > 0,
          "[spatial_pyramid_pool2d] levels: expected whole numbers of at least 1, got [{}]",
          fmt::join(levels, ", "));
  std::vector<Variable> maps;
  for (const int level : levels) maps.push_back(adaptive_max_pool2d(x, {level, level}));
  return concatenated(std::move(maps));
}

}  // namespace weir
