// One convolution of a test.
#pragma once

#include <array>

#include "core/kernels/conv/conv_shape.h"

namespace weir::testing {

struct ConvCase {
  int n, c, k, h, w;
  std::array<int, 2> kernel, stride{1, 1}, padding{0, 0}, dilation{1, 1};
  int groups = 1;

  kernels::ConvShape shape() const {
    const auto axis = [&](size_t i, int in) {
      return Axis{in, kernel[i], stride[i], padding[i], dilation[i]};
    };
    return {c, k, groups, {axis(0, h), axis(1, w)}};
  }
};

}  // namespace weir::testing
