// Where the gradient of a function that works element by element goes.
#pragma once

#include "core/tensor/tensor.h"

namespace weir {

// Memory for a gradient like dy: that of dy itself when nobody else refers to it, else new. Saves
// the first touch of fresh memory, which costs more than the arithmetic.
inline Tensor in_place_or_new(const Tensor& dy) { return dy.unshared() ? dy : Tensor::like(dy); }

}  // namespace weir
