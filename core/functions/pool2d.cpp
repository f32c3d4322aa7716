#include "core/functions/pool2d.h"

#include <string_view>

#include "core/base/error.h"
#include "core/functions/require_images.h"
#include "core/functions/run_pool.h"

namespace weir {
namespace {

using kernels::PoolAxis;
using kernels::PoolGeometry;
using kernels::PoolKind;
using kernels::PoolOp;

void require_sensible(std::string_view operation, std::string_view direction, const Axis& axis) {
  require(
      axis.in > 0 && axis.kernel > 0 && axis.stride > 0 && axis.dilation > 0 && axis.pad >= 0,
      "[{}] {}: expected kernel_size, stride and dilation of at least 1 and padding of at least "
      "0 on an input of at least 1, got kernel_size {}, stride {}, dilation {}, padding {} on {}",
      operation, direction, axis.kernel, axis.stride, axis.dilation, axis.pad, axis.in);
  require(axis.pad <= axis.extent() / 2,
          "[{}] {}: expected padding of at most half the window, {}, got {}: a window could lie "
          "outside the image",
          operation, direction, axis.extent() / 2, axis.pad);
  require(axis.out() > 0,
          "[{}] {}: the window of extent {} does not fit the input of {}: output size {}. Use a "
          "smaller kernel_size, or more padding",
          operation, direction, axis.extent(), axis.in, formula(axis));
  for (int o = 0; o < axis.out(); ++o) {
    require(
        axis.taps(o).size() > 0,
        "[{}] {}: window {} sees nothing but padding: its taps, {} apart, step over the input of "
        "{}. Use less padding or dilation",
        operation, direction, o, axis.dilation, axis.in);
  }
}

template <class Options>
Window2d checked_window(std::string_view operation, const Options& options,
                        std::array<int, 2> dilation, std::array<int, 2> in) {
  const std::array<int, 2> stride = options.stride.value_or(options.kernel_size);
  const auto axis = [&](size_t i) {
    return Axis{.in = in[i],
                .kernel = options.kernel_size[i],
                .stride = stride[i],
                .pad = options.padding[i],
                .dilation = dilation[i],
                .ceil_mode = options.ceil_mode};
  };
  const Window2d window{.y = axis(0), .x = axis(1)};
  require_sensible(operation, "height", window.y);
  require_sensible(operation, "width", window.x);
  return window;
}

}  // namespace

Window2d window_of(const MaxPool2dOptions& options, int h, int w) {
  return checked_window("max_pool2d", options, options.dilation, {h, w});
}

Window2d window_of(const AvgPool2dOptions& options, int h, int w) {
  return checked_window("avg_pool2d", options, {1, 1}, {h, w});
}

Variable max_pool2d(const Variable& x, const MaxPool2dOptions& options) {
  require_images("max_pool2d", x);
  const Window2d window = window_of(options, x.value().h(), x.value().w());
  return run_pool("max_pool2d", {.kind = PoolKind::kMax}, PoolGeometry(window), x).y;
}

Variable avg_pool2d(const Variable& x, const AvgPool2dOptions& options) {
  require_images("avg_pool2d", x);
  require(options.divisor_override.value_or(1) > 0,
          "[avg_pool2d] divisor_override: expected at least 1, got {}",
          options.divisor_override.value_or(1));
  const Window2d window = window_of(options, x.value().h(), x.value().w());
  const PoolOp op{.kind = PoolKind::kAvg,
                  .count_include_pad = options.count_include_pad,
                  .divisor = options.divisor_override.value_or(0)};
  return run_pool("avg_pool2d", op, PoolGeometry(window), x).y;
}

Variable adaptive_avg_pool2d(const Variable& x, std::array<int, 2> output_size) {
  require_images("adaptive_avg_pool2d", x);
  require(output_size[0] > 0 && output_size[1] > 0,
          "[adaptive_avg_pool2d] output_size: expected at least 1, got ({}, {})", output_size[0],
          output_size[1]);
  return run_pool("adaptive_avg_pool2d", {.kind = PoolKind::kAvg},
                  PoolGeometry(PoolAxis::adaptive(x.value().h(), output_size[0]),
                               PoolAxis::adaptive(x.value().w(), output_size[1])),
                  x)
      .y;
}

}  // namespace weir
