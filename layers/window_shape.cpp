#include "layers/window_shape.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/kernels/pool/geometry.h"

namespace weir {
namespace {

Axis largest_cell(int in, int out) {
  return {.in = in,
          .kernel = kernels::PoolAxis::adaptive(in, out).kernel(),
          .stride = std::max(1, in / out)};
}

}  // namespace

void require_map(const FeatureShape& in) {
  require(!in.flat,
          "expected a map (channels, height, width), got {} flat features; move flatten "
          "behind this layer",
          in.numel());
}

void require_window(Pair kernel_size, Pair stride, Pair padding, Pair dilation) {
  const auto require_positive = [](const char* name, Pair pair) {
    require(pair.h >= 1 && pair.w >= 1, "{} must be at least 1, got {}", name, pair.str());
  };
  require_positive("kernel_size", kernel_size);
  require_positive("stride", stride);
  require(padding.h >= 0 && padding.w >= 0, "padding must not be negative, got {}", padding.str());
  require_positive("dilation", dilation);
}

FeatureShape slide(const Window2d& window, int channels) {
  for (const auto& [axis, name] : {std::pair{window.y, "height"}, std::pair{window.x, "width"}}) {
    require(axis.out() > 0,
            "the window does not fit the {} of its input: {}; add padding or use a "
            "smaller kernel or dilation",
            name, formula(axis));
  }
  return allowed({.c = channels, .h = window.y.out(), .w = window.x.out()});
}

FeatureShape allowed(const FeatureShape& out) {
  constexpr int64_t kMost = 1 << 30;
  require(
      out.numel() <= kMost,
      "the output {} would have {:.3g} numbers for each image, more than the {:.3g} allowed; use "
      "less padding or fewer channels",
      out.str(), static_cast<double>(out.numel()), static_cast<double>(kMost));
  return out;
}

Window2d largest_cell(const FeatureShape& in, Pair output_size) {
  return {largest_cell(in.h, output_size.h), largest_cell(in.w, output_size.w)};
}

}  // namespace weir
