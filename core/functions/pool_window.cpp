#include "core/functions/pool_window.h"

#include "core/base/error.h"
#include "core/functions/require_images.h"
#include "core/window_fault.h"

namespace weir {
namespace {

using kernels::PoolAxis;
using kernels::PoolGeometry;

void require_sensible(std::string_view operation, std::string_view direction, const Axis& axis) {
  switch (fault_of(axis)) {
    case WindowFault::kNone:
      return;
    case WindowFault::kNotPositive:
      fail(ErrorKind::kUsage,
           "[{}] {}: expected kernel_size, stride and dilation of at least 1 and padding of at "
           "least 0 on an input of at least 1, got kernel_size {}, stride {}, dilation {}, padding "
           "{} on {}",
           operation, direction, axis.kernel, axis.stride, axis.dilation, axis.pad, axis.in);
    case WindowFault::kTooMuchPadding:
      fail(ErrorKind::kUsage,
           "[{}] {}: expected padding of at most half the window, {}, got {}: a window could lie "
           "outside the image",
           operation, direction, axis.extent() / 2, axis.pad);
    case WindowFault::kDoesNotFit:
      fail(ErrorKind::kUsage,
           "[{}] {}: the window of extent {} does not fit the input of {}: output size {}. Use a "
           "smaller kernel_size, or more padding",
           operation, direction, axis.extent(), axis.in, formula(axis));
    case WindowFault::kSeesOnlyPadding:
      fail(ErrorKind::kUsage,
           "[{}] {}: window {} sees nothing but padding: its taps, {} apart, step over the input "
           "of {}. Use less padding or dilation",
           operation, direction, first_blind_window(axis), axis.dilation, axis.in);
  }
}

}  // namespace

Window2d window_of(std::string_view operation, const PoolWindow& options, int h, int w) {
  const std::array<int, 2> in{h, w}, stride = options.stride.value_or(options.kernel_size);
  const auto axis = [&](size_t i) {
    return Axis{.in = in[i],
                .kernel = options.kernel_size[i],
                .stride = stride[i],
                .pad = options.padding[i],
                .dilation = options.dilation[i],
                .ceil_mode = options.ceil_mode};
  };
  const Window2d window{.y = axis(0), .x = axis(1)};
  require_sensible(operation, "height", window.y);
  require_sensible(operation, "width", window.x);
  return window;
}

PoolGeometry geometry_of(std::string_view operation, const PoolWindow& window, const Variable& x) {
  require_images(operation, x);
  return PoolGeometry(window_of(operation, window, x.value().h(), x.value().w()));
}

PoolGeometry adaptive_geometry_of(std::string_view operation, std::array<int, 2> output_size,
                                  const Variable& x) {
  require_images(operation, x);
  require(output_size[0] > 0 && output_size[1] > 0,
          "[{}] output_size: expected at least 1, got ({}, {})", operation, output_size[0],
          output_size[1]);
  return PoolGeometry(PoolAxis::adaptive(x.value().h(), output_size[0]),
                      PoolAxis::adaptive(x.value().w(), output_size[1]));
}

}  // namespace weir
