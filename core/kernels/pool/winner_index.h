// From the tap that won a window, which pooling keeps in a byte, to the pixel that it stands for.
#pragma once

#include "core/kernels/pool/geometry.h"
#include "core/tensor/tensor.h"

namespace weir::kernels {

// winners: images (N, C, OH, OW) as PoolKept has them, U8 or I32 -> I32 images alike, y * W + x of
// the winning input in its plane without padding.
Tensor winner_index(const PoolGeometry& geometry, const Tensor& winners);

}  // namespace weir::kernels
