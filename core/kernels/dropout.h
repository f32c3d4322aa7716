// Dropout with counter-based random numbers: nothing is kept for the backward pass, which computes
// the same decisions again. That costs less time than reading a mask back from memory.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/tensor/tensor.h"

namespace weir::kernels {

// Which random numbers, and how often they say drop.
struct DropoutStream {
  float p = 0.5f;  // in [0, 1)
  uint64_t seed = 0;
  uint32_t step = 0;
  uint32_t layer = 0;  // below 2^24

  // A 16-bit random number below this says drop: p is rounded to a multiple of 2^-16, so that eight
  // decisions take one Philox block.
  int threshold() const {
    return std::min(static_cast<int>(std::lround(double{p} * 65536)), 65535);
  }
  // Of what is kept.
  float scale() const { return 1.f / (1.f - p); }
};

// out = in where the element is kept, times 1 / (1 - p); else 0. Forward on x, backward on dy.
// Padded rows are treated like any other. Both are F32 or both BF16; out may be in.
void dropout_apply(const DropoutStream& stream, const Tensor& in, Tensor& out);

}  // namespace weir::kernels
