// Space to depth and depth to space: squares of factor x factor pixels become channels, and back.
// Values are moved, not computed.
#pragma once

#include "core/tensor/tensor.h"

namespace weir::kernels {

// wide: images (N, C, H * factor, W * factor); deep: images (N, C * factor^2, H, W), channel
// c * factor^2 + dy * factor + dx being wide's (c, y * factor + dy, x * factor + dx). Both F32 or
// both BF16.
void pixel_unshuffle(int factor, const Tensor& wide, Tensor& deep);
void pixel_shuffle(int factor, const Tensor& deep, Tensor& wide);

}  // namespace weir::kernels
