// Backward of bias + ReLU, with or without dropout behind it, in one pass over the gradient.
#pragma once

#include "core/tensor/tensor.h"

namespace weir::kernels {

// dy = 0 where y <= 0, else dy * scale, in place. y is the output: after a ReLU it is zero exactly
// where the gradient does not pass, and after dropout as well, with scale = 1 / (1 - p). NaN
// passes it, as in relu().
// Returns the sums of the result over images and pixels, one for each channel: the gradient of the
// bias, (C) plain F32. They are taken before the result is rounded to BF16.
// y and dy are images (N, C, H, W), both F32 or both BF16; padded rows of dy are zero, and stay so.
Tensor mask_gradient(const Tensor& y, float scale, Tensor& dy);

}  // namespace weir::kernels
