// Weights between PyTorch's order (K, C/groups, KH, KW) and the order of GEMMs [tap][C/groups][K].
#pragma once

#include "core/kernels/conv/conv_shape.h"
#include "core/runtime/function_ref.h"

namespace weir::kernels {

// -> plain (taps, C/groups, K)
Tensor pack_weights(const ConvShape& shape, const Tensor& weight);

// -> plain (taps, K/groups, C): each tap's matrix transposed, for gradients of the input
Tensor pack_weights_transposed(const ConvShape& shape, const Tensor& weight);

// packed: [tap][C/groups][K] -> weight (K, C/groups, KH, KW)
void unpack_weights(const ConvShape& shape, const float* packed, Tensor& weight);

// The gradient of the weights as a sum over the output rows 0 .. rows-1 (all blocks of images):
// cuts them into at most `most_chunks`, calls sum_rows(begin, end, dw) for each, which writes all
// of its own dw [tap][C/groups][K], and adds these up in a fixed tree.
void sum_weight_gradients(const ConvShape& shape, int rows,
                          FunctionRef<void(int64_t begin, int64_t end, float* dw)> sum_rows,
                          Tensor& dweight, int most_chunks = 16);

// The same sum where a large dW would make private copies dear: fewer chunks, and each of them cut
// into slices of input channels, multiples of `channel_step`, which need no copy. `sum` writes the
// rows `channels` of every tap in dw.
void sum_weight_slices(const ConvShape& shape, int rows, int channel_step,
                       FunctionRef<void(Range rows, Range channels, float* dw)> sum,
                       Tensor& dweight);

}  // namespace weir::kernels
