#include "layers/conv_transpose2d.h"

#include "core/base/error.h"
#include "layers/parameter.h"
#include "layers/window_shape.h"

namespace weir {
namespace {

void check(int in_channels, int out_channels, const ConvTranspose2d::Options& o) {
  require(in_channels >= 1 && out_channels >= 1,
          "ConvTranspose2d needs at least one channel on each side, got in_channels {} and "
          "out_channels {}",
          in_channels, out_channels);
  require_window(o.kernel_size, o.stride, o.padding, o.dilation);
  const Pair more = o.output_padding;
  require(more.h >= 0 && more.w >= 0 && more.h < o.stride.h && more.w < o.stride.w,
          "output_padding must be at least 0 and below the stride {}, got {}", o.stride.str(),
          more.str());
}

}  // namespace

ConvTranspose2d::ConvTranspose2d(int in_channels, int out_channels, const Options& options)
    : in_channels_(in_channels),
      out_channels_(out_channels),
      options_(options),
      conv_{.stride = options.stride,
            .padding = options.padding,
            .output_padding = options.output_padding,
            .dilation = options.dilation} {
  check(in_channels, out_channels, options);
  weight_ =
      zero_parameter({in_channels, out_channels, options.kernel_size.h, options.kernel_size.w});
  if (options.bias) bias_ = zero_parameter({out_channels});
}

std::string ConvTranspose2d::options() const {
  const Options& o = options_;
  std::string text = fmt::format("{}, {}, kernel_size={}, stride={}", in_channels_, out_channels_,
                                 o.kernel_size.tuple(), o.stride.tuple());
  if (o.padding != Pair(0)) text += fmt::format(", padding={}", o.padding.tuple());
  if (o.dilation != Pair(1)) text += fmt::format(", dilation={}", o.dilation.tuple());
  if (o.output_padding != Pair(0)) {
    text += fmt::format(", output_padding={}", o.output_padding.tuple());
  }
  if (!o.bias) text += ", bias=False";
  return text;
}

Variable ConvTranspose2d::forward(const Variable& x, const StepContext& context) {
  ConvTranspose2dOptions now = conv_;
  now.output = context.output;
  return conv_transpose2d(x, weight_, bias_, now);
}

FeatureShape ConvTranspose2d::output_shape(const FeatureShape& in) const {
  require_map(in);
  require(in.c == in_channels_, "expected {} input channels, got {}", in_channels_, in.str());
  const auto [h, w] = transposed_size_of(conv_, options_.kernel_size, in.h, in.w);
  return allowed({.c = out_channels_, .h = h, .w = w});
}

std::vector<NamedParameter> ConvTranspose2d::parameters() {
  std::vector<NamedParameter> list{{"weight", weight_}};
  if (bias_.defined()) list.push_back({"bias", bias_, false});
  return list;
}

// Every input meets every weight of its channel; what padding cuts off is counted too.
int64_t ConvTranspose2d::macs(const FeatureShape& in) const {
  return in.numel() * out_channels_ * options_.kernel_size.h * options_.kernel_size.w;
}

Window2d ConvTranspose2d::window(const FeatureShape& in) const {
  const auto axis = [&](int size, int kernel, int dilation, int stride) {
    return Axis{.in = size, .kernel = div_ceil(dilation * (kernel - 1) + 1, stride)};
  };
  const Options& o = options_;
  return {axis(in.h, o.kernel_size.h, o.dilation.h, o.stride.h),
          axis(in.w, o.kernel_size.w, o.dilation.w, o.stride.w)};
}

}  // namespace weir
