// Mixtures of two maps, and numbers spread over maps. x, a and b are images of F32 or BF16.
#pragma once

#include "core/autograd/variable.h"

namespace weir {

// y = g a + (1 - g) b, element by element; exactly a where g = 1 and b where g = 0. `gate` is F32
// images of the shape of a and b.
Variable blend(const Variable& gate, const Variable& a, const Variable& b);

// F32 images of the shape of `like`, whose every number of channel c is values[c]; values of shape
// (1) go to every channel. Throws kUsage for another shape.
Variable spread(const Variable& values, const Tensor& like);

// y = x * weight[c] + bias[c], both of shape (C).
Variable scale_shift(const Variable& x, const Variable& weight, const Variable& bias);

}  // namespace weir
