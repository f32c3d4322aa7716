// Sums over images and pixels, one for each channel: the gradient of a bias.
#pragma once

#include "core/tensor/tensor.h"

namespace weir::kernels {

// images (N, C, H, W) of F32 or BF16 whose padded rows are zero, as gradients are -> (C), plain
// F32.
Tensor channel_sum(const Tensor& images);

}  // namespace weir::kernels
