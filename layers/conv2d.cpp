#include "layers/conv2d.h"

#include "core/base/error.h"
#include "layers/parameter.h"
#include "layers/window_shape.h"

namespace weir {
namespace {

void check(int in_channels, int out_channels, const Conv2d::Options& o) {
  require(in_channels >= 1 && out_channels >= 1,
          "Conv2d needs at least one channel on each side, got in_channels {} and out_channels {}",
          in_channels, out_channels);
  require_window(o.kernel_size, o.stride, o.padding, o.dilation);
  require(o.groups >= 1 && in_channels % o.groups == 0 && out_channels % o.groups == 0,
          "groups must divide in_channels {} and out_channels {}, got {}", in_channels,
          out_channels, o.groups);
}

}  // namespace

Conv2d::Conv2d(int in_channels, int out_channels, const Options& options)
    : in_channels_(in_channels), out_channels_(out_channels), options_(options) {
  check(in_channels, out_channels, options);
  const Shape shape{out_channels, in_channels / options.groups, options.kernel_size.h,
                    options.kernel_size.w};
  weight_ = zero_parameter(shape);
  if (options.bias) bias_ = zero_parameter({out_channels});
}

std::string Conv2d::options() const {
  const Options& o = options_;
  std::string text = fmt::format("{}, {}, kernel_size={}, stride={}", in_channels_, out_channels_,
                                 o.kernel_size.tuple(), o.stride.tuple());
  if (o.padding != Pair(0)) text += fmt::format(", padding={}", o.padding.tuple());
  if (o.dilation != Pair(1)) text += fmt::format(", dilation={}", o.dilation.tuple());
  if (o.groups != 1) text += fmt::format(", groups={}", o.groups);
  if (!o.bias) text += ", bias=False";
  return text;
}

Variable Conv2d::forward(const Variable& x, const StepContext& context) {
  return forward_with(x, {.output = context.output});
}

Variable Conv2d::forward_with(const Variable& x, const LinearOptions& then,
                              const std::optional<Pool2dOptions>& pool) const {
  return conv2d(x, weight_, bias_,
                {.stride = options_.stride,
                 .padding = options_.padding,
                 .dilation = options_.dilation,
                 .groups = options_.groups,
                 .relu = then.relu,
                 .dropout = then.dropout,
                 .output = then.output,
                 .moments = then.moments,
                 .pool = pool});
}

FeatureShape Conv2d::output_shape(const FeatureShape& in) const {
  require_map(in);
  require(in.c == in_channels_, "expected {} input channels, got {}", in_channels_, in.str());
  return slide(window(in), out_channels_);
}

std::vector<NamedParameter> Conv2d::parameters() {
  std::vector<NamedParameter> list{{"weight", weight_}};
  if (bias_.defined()) list.push_back({"bias", bias_, false});
  return list;
}

int64_t Conv2d::macs(const FeatureShape& in) const {
  return output_shape(in).numel() * (in_channels_ / options_.groups) * window(in).taps();
}

Window2d Conv2d::window(const FeatureShape& in) const {
  const Options& o = options_;
  return {{.in = in.h,
           .kernel = o.kernel_size.h,
           .stride = o.stride.h,
           .pad = o.padding.h,
           .dilation = o.dilation.h},
          {.in = in.w,
           .kernel = o.kernel_size.w,
           .stride = o.stride.w,
           .pad = o.padding.w,
           .dilation = o.dilation.w}};
}

}  // namespace weir
