// Dropout: zeroes each element with probability p, scales the rest by 1 / (1 - p).
// Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, JMLR 2014.
#pragma once

#include <cstdint>

#include "core/autograd/variable.h"

namespace weir {

struct DropoutOptions {
  float p = 0.5f;      // in [0, 1)
  uint64_t seed = 0;   // with step and layer, the address of the random numbers
  uint32_t step = 0;   // training step
  uint32_t layer = 0;  // which dropout of the network
};

// x images of F32 or BF16, and the result alike. The decision for an element depends on (seed,
// step, layer, image in the batch, pixel, channel) alone: neither on threads nor on the block size.
// For training only; p = 0 returns x.
Variable dropout(const Variable& x, const DropoutOptions& options);

}  // namespace weir
