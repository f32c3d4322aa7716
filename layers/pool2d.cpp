#include "layers/pool2d.h"

#include "core/base/error.h"
#include "layers/window_shape.h"

namespace weir {
MaxPool2d::MaxPool2d(const Options& options)
    : options_(options),
      pool_{.kernel_size = options.kernel_size,
            .stride = options.stride,
            .padding = options.padding,
            .dilation = options.dilation,
            .ceil_mode = options.ceil_mode} {
  require_window(options.kernel_size, options.stride, options.padding, options.dilation);
}

std::string MaxPool2d::options() const {
  return fmt::format("kernel_size={}, stride={}, padding={}, dilation={}, ceil_mode={}",
                     options_.kernel_size.str(), options_.stride.str(), options_.padding.str(),
                     options_.dilation.str(), options_.ceil_mode ? "True" : "False");
}

FeatureShape MaxPool2d::output_shape(const FeatureShape& in) const {
  require_map(in);
  return slide(window(in), in.c);
}

AvgPool2d::AvgPool2d(const Options& options)
    : options_(options),
      pool_{.kernel_size = options.kernel_size,
            .stride = options.stride,
            .padding = options.padding,
            .ceil_mode = options.ceil_mode,
            .count_include_pad = options.count_include_pad,
            .divisor_override = options.divisor_override} {
  require_window(options.kernel_size, options.stride, options.padding, 1);
  require(options.divisor_override.value_or(1) >= 1, "divisor_override must be at least 1, got {}",
          options.divisor_override.value_or(1));
}

std::string AvgPool2d::options() const {
  return fmt::format("kernel_size={}, stride={}, padding={}", options_.kernel_size.str(),
                     options_.stride.str(), options_.padding.str());
}

FeatureShape AvgPool2d::output_shape(const FeatureShape& in) const {
  require_map(in);
  return slide(window(in), in.c);
}

AdaptiveAvgPool2d::AdaptiveAvgPool2d(Pair output_size) : output_size_(output_size) {
  require(output_size.h >= 1 && output_size.w >= 1, "output_size must be at least 1, got {}",
          output_size.str());
}

std::string AdaptiveAvgPool2d::options() const {
  return fmt::format("output_size={}", output_size_.str());
}

FeatureShape AdaptiveAvgPool2d::output_shape(const FeatureShape& in) const {
  require_map(in);
  return {.c = in.c, .h = output_size_.h, .w = output_size_.w};
}

Window2d AdaptiveAvgPool2d::window(const FeatureShape& in) const {
  return largest_cell(in, output_size_);
}

}  // namespace weir
