#include "core/window.h"

#include <fmt/core.h>

namespace weir {

std::string formula(const Axis& axis) {
  const int span = axis.in + 2 * axis.pad - axis.extent();
  const int steps = axis.ceil_mode ? div_ceil(span, axis.stride) : div_floor(span, axis.stride);
  const int value = span < 0 ? steps + 1 : axis.out();
  return fmt::format("{}(({} + 2*{} - {}*({}-1) - 1) / {}) + 1 = {}",
                     axis.ceil_mode ? "ceil" : "floor", axis.in, axis.pad, axis.dilation,
                     axis.kernel, axis.stride, value);
}

}  // namespace weir
