// Dropout: zeroes each element with probability p, scales the rest by 1 / (1 - p).
// Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, JMLR 2014.
#pragma once

#include <string_view>

#include "core/autograd/variable.h"
#include "core/kernels/dropout.h"

namespace weir {

// {.p, .seed, .step, .layer}: the probability, and the address of the random numbers; `step` is the
// training step, `layer` tells the dropouts of a network apart.
using DropoutOptions = kernels::DropoutStream;

// Throws kUsage, beginning with "[operation]", unless p is in [0, 1) and layer below 2^24.
void require_sensible(std::string_view operation, const DropoutOptions& options);

// x images of F32 or BF16, and the result alike. The decision for an element depends on (seed,
// step, layer, image in the batch, pixel, channel) alone: neither on threads nor on the block size.
// For training only; p = 0 returns x.
Variable dropout(const Variable& x, const DropoutOptions& options);

}  // namespace weir
