#include "layers/adaptive_max_pool2d.h"

#include "core/base/error.h"
#include "layers/window_shape.h"

namespace weir {

AdaptiveMaxPool2d::AdaptiveMaxPool2d(Pair output_size) : output_size_(output_size) {
  require(output_size.h >= 1 && output_size.w >= 1, "output_size must be at least 1, got {}",
          output_size.str());
}

std::string AdaptiveMaxPool2d::options() const {
  return fmt::format("output_size={}", output_size_.str());
}

FeatureShape AdaptiveMaxPool2d::output_shape(const FeatureShape& in) const {
  require_map(in);
  return allowed({.c = in.c, .h = output_size_.h, .w = output_size_.w});
}

Window2d AdaptiveMaxPool2d::window(const FeatureShape& in) const {
  return largest_cell(in, output_size_);
}

}  // namespace weir
