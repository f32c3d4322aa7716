// What part of the image one value of a map depends on. Araujo, Norris, Sim, "Computing receptive
// fields of convolutional neural networks", Distill 2019.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/window.h"

namespace weir {

// One direction. A value depends on `size` pixels; its neighbour's pixels start `stride` further.
struct Field {
  int64_t size = 1, stride = 1;

  constexpr Field through(const Axis& axis) const {
    return {size + (axis.extent() - 1) * stride, stride * axis.stride};
  }
  // Neighbours come nearer; but they stay a pixel apart, for want of a smaller whole number.
  constexpr Field enlarged(int factor) const {
    return {size, std::max<int64_t>(stride / factor, 1)};
  }
  constexpr bool operator==(const Field&) const = default;
};

struct Field2d {
  Field y, x;

  constexpr Field2d through(const Window2d& window) const {
    return {y.through(window.y), x.through(window.x)};
  }
  constexpr Field2d enlarged(std::array<int, 2> factors) const {
    return {y.enlarged(factors[0]), x.enlarged(factors[1])};
  }
  constexpr bool operator==(const Field2d&) const = default;
};

}  // namespace weir
