#include "core/window.h"

#include <fmt/core.h>

namespace weir {

std::string formula(const Axis& axis) {
  return fmt::format("{}(({} + 2*{} - {}*({}-1) - 1) / {}) + 1 = {}",
                     axis.ceil_mode ? "ceil" : "floor", axis.in, axis.pad, axis.dilation,
                     axis.kernel, axis.stride, axis.out());
}

}  // namespace weir
