// Weights between PyTorch's order (K, C/groups, KH, KW) and the order of GEMMs [tap][C/groups][K].
#pragma once

#include "core/kernels/conv_shape.h"

namespace weir::kernels {

// -> plain (taps, C/groups, K)
Tensor pack_weights(const ConvShape& shape, const Tensor& weight);

// packed: [tap][C/groups][K] -> weight (K, C/groups, KH, KW)
void unpack_weights(const ConvShape& shape, const float* packed, Tensor& weight);

}  // namespace weir::kernels
