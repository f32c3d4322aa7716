#include "layers/reflection_pad2d.h"

#include <algorithm>

#include "core/base/error.h"
#include "layers/window_shape.h"

namespace weir {

ReflectionPad2d::ReflectionPad2d(const ReflectionPad2dOptions& padding) : padding_(padding) {
  require(std::min({padding.left, padding.right, padding.top, padding.bottom}) >= 0,
          "padding must not be negative, got {}", options());
}

std::string ReflectionPad2d::options() const {
  return fmt::format("({}, {}, {}, {})", padding_.left, padding_.right, padding_.top,
                     padding_.bottom);
}

FeatureShape ReflectionPad2d::output_shape(const FeatureShape& in) const {
  require_map(in);
  require(std::max(padding_.left, padding_.right) < in.w &&
              std::max(padding_.top, padding_.bottom) < in.h,
          "padding by reflection must stay below the size of the map, got (left, right, top, "
          "bottom) = {} on {}",
          options(), in.str());
  return allowed({.c = in.c,
                  .h = in.h + padding_.top + padding_.bottom,
                  .w = in.w + padding_.left + padding_.right});
}

}  // namespace weir
