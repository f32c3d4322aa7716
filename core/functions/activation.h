// Element-wise activations. x and the result are images or plain, of the same shape and both F32 or
// both BF16.
#pragma once

#include "core/autograd/variable.h"

namespace weir {

// max(x, 0); the gradient at 0 is 0.
Variable relu(const Variable& x);
// x for x > 0, else negative_slope * x; the gradient at 0 is negative_slope.
Variable leaky_relu(const Variable& x, float negative_slope = 0.01f);
// x * Phi(x) with the exact normal distribution (erf), PyTorch's default. Hendrycks, Gimpel 2016.
Variable gelu(const Variable& x);
// x * sigmoid(x). Elfwing, Uchibe, Doya 2017.
Variable silu(const Variable& x);
Variable tanh(const Variable& x);
// 1 / (1 + e^-x)
Variable sigmoid(const Variable& x);

}  // namespace weir
