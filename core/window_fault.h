// What makes a window useless for pooling: one that holds no value has no maximum.
#pragma once

#include <cstdint>

#include "core/window.h"

namespace weir {

enum class WindowFault : uint8_t {
  kNone,
  kNotPositive,      // a kernel, stride, dilation or input below 1, or negative padding
  kTooMuchPadding,   // more than half the extent of the window
  kDoesNotFit,       // larger than the padded input
  kSeesOnlyPadding,  // the taps of some window step over the whole input
};

// The first window without a tap inside the input; -1: there is none.
constexpr int first_blind_window(const Axis& axis) {
  for (int o = 0; o < axis.out(); ++o) {
    if (axis.taps(o).size() == 0) return o;
  }
  return -1;
}

constexpr WindowFault fault_of(const Axis& axis) {
  if (axis.in < 1 || axis.kernel < 1 || axis.stride < 1 || axis.dilation < 1 || axis.pad < 0) {
    return WindowFault::kNotPositive;
  }
  if (axis.pad > axis.extent() / 2) return WindowFault::kTooMuchPadding;
  if (axis.out() < 1) return WindowFault::kDoesNotFit;
  return first_blind_window(axis) < 0 ? WindowFault::kNone : WindowFault::kSeesOnlyPadding;
}

}  // namespace weir
