#include "layers/conv2d.h"

#include "core/base/error.h"
#include "layers/parameter.h"
#include "layers/window_shape.h"

namespace weir {
namespace {

// Along one axis: the taps of the convolution that its average covers.
struct Taps {
  int first, count;
};
Taps taps_of_average(const Conv2d::Options& o, int Pair::*axis) {
  return {o.padding.*axis - o.average->padding.*axis, o.average->kernel_size.*axis};
}

void check_average(int in_channels, int out_channels, const Conv2d::Options& o) {
  require(
      in_channels == out_channels && o.groups == 1 && o.dilation == Pair(1),
      "a convolution that begins as average pooling needs as many channels out as in, no groups "
      "and no dilation; got {} to {} channels, groups {}, dilation {}",
      in_channels, out_channels, o.groups, o.dilation.str());
  for (int Pair::*axis : {&Pair::h, &Pair::w}) {
    const Taps taps = taps_of_average(o, axis);
    require(taps.first >= 0 && taps.count >= 1 && taps.first + taps.count <= o.kernel_size.*axis,
            "an average over {} with padding {} does not lie inside the convolution's window, {} "
            "with padding {}",
            o.average->kernel_size.str(), o.average->padding.str(), o.kernel_size.str(),
            o.padding.str());
  }
}

void check(int in_channels, int out_channels, const Conv2d::Options& o) {
  require(in_channels >= 1 && out_channels >= 1,
          "Conv2d needs at least one channel on each side, got in_channels {} and out_channels {}",
          in_channels, out_channels);
  require_window(o.kernel_size, o.stride, o.padding, o.dilation);
  require(o.groups >= 1 && in_channels % o.groups == 0 && out_channels % o.groups == 0,
          "groups must divide in_channels {} and out_channels {}, got {}", in_channels,
          out_channels, o.groups);
  if (o.average) check_average(in_channels, out_channels, o);
}

// Fills the weight (C, C, KH, KW) so that each channel becomes its average.
std::function<void(Tensor&)> averaging(const Conv2d::Options& o) {
  const Taps y = taps_of_average(o, &Pair::h), x = taps_of_average(o, &Pair::w);
  return [y, x](Tensor& weight) {
    all(0.f)(weight);
    const Shape& shape = weight.shape();
    const float share = 1.f / static_cast<float>(y.count * x.count);
    for (int64_t c = 0; c < shape[0]; ++c) {
      float* filter = weight.data() + (c * shape[1] + c) * shape[2] * shape[3];
      for (int ky = y.first; ky < y.first + y.count; ++ky) {
        for (int kx = x.first; kx < x.first + x.count; ++kx) filter[ky * shape[3] + kx] = share;
      }
    }
  };
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
  if (options_.average) list.front().start = averaging(options_);
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
