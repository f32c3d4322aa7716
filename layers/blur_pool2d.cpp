#include "layers/blur_pool2d.h"

#include <algorithm>

#include "core/base/error.h"
#include "layers/window_shape.h"

namespace weir {

BlurPool2d::BlurPool2d(const BlurPool2dOptions& options) : options_(options) {
  require(options.filter_size >= 1 && options.filter_size <= 7,
          "filter_size must be from 1 to 7, got {}", options.filter_size);
  require(options.stride >= 1, "stride must be at least 1, got {}", options.stride);
}

std::string BlurPool2d::options() const {
  return fmt::format("filter_size={}, stride={}", options_.filter_size, options_.stride);
}

// The mirrored border makes up for the filter: as a 1x1 window that slides with the stride.
FeatureShape BlurPool2d::output_shape(const FeatureShape& in) const {
  require_map(in);
  require(options_.filter_size / 2 < std::min(in.h, in.w),
          "a filter of {} mirrors {} pixels, but the map is {}; use a smaller filter_size",
          options_.filter_size, options_.filter_size / 2, in.str());
  const int stride = options_.stride;
  return slide({{.in = in.h, .stride = stride}, {.in = in.w, .stride = stride}}, in.c);
}

Window2d BlurPool2d::window(const FeatureShape& in) const {
  const int size = options_.filter_size, pad = (size - 1) / 2;
  const auto axis = [&](int length) {
    return Axis{
        .in = length + (size - 1) % 2, .kernel = size, .stride = options_.stride, .pad = pad};
  };
  return {axis(in.h), axis(in.w)};
}

MaxBlurPool2d::MaxBlurPool2d(int kernel_size, const BlurPool2dOptions& options)
    : BlurPool2d(options), kernel_size_(kernel_size) {
  require(kernel_size >= 1, "kernel_size must be at least 1, got {}", kernel_size);
}

std::string MaxBlurPool2d::options() const {
  return fmt::format("kernel_size={}, {}", kernel_size_, BlurPool2d::options());
}

FeatureShape MaxBlurPool2d::output_shape(const FeatureShape& in) const {
  return BlurPool2d::output_shape(after_max(in));
}

Window2d MaxBlurPool2d::window(const FeatureShape& in) const {
  const auto axis = [&](Axis blur, int length) {
    blur.kernel += kernel_size_ - 1;
    blur.in = length + (options_.filter_size - 1) % 2;
    return blur;
  };
  const Window2d blur = BlurPool2d::window(after_max(in));
  return {axis(blur.y, in.h), axis(blur.x, in.w)};
}

FeatureShape MaxBlurPool2d::after_max(const FeatureShape& in) const {
  require_map(in);
  const auto axis = [&](int length) { return Axis{.in = length, .kernel = kernel_size_}; };
  return slide({axis(in.h), axis(in.w)}, in.c);
}

}  // namespace weir
