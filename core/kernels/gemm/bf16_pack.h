// Operands of bf16 products (bf16_gemm.h) from weights and panels. Rows and columns that are added
// to fill a size are zero.
#pragma once

#include "core/kernels/conv/conv_shape.h"
#include "core/kernels/gemm/bf16_gemm.h"

namespace weir::kernels {

constexpr int round_up(int value, int step) { return (value + step - 1) / step * step; }

// Weights as right operands: `terms` matrices B (k x n), rounded to BF16.
struct PairedWeights {
  Tensor values;  // plain (n/16, terms, k/2, 16, 2)
  int k = 0, n = 0;

  int64_t panel() const { return values.shape()[1] * k * kPairColumns; }  // b_panel
  const bfloat16* term(int index) const {
    return values.data<bfloat16>() + int64_t{index} * k * kPairColumns;
  }
};

// weight: F32 (K, C, KH, KW), one group. k is rounded up to k_step.
PairedWeights pair_weights(const ConvShape& shape, const Tensor& weight, int k_step);  // tap: C x K
PairedWeights pair_weights_transposed(const ConvShape& shape, const Tensor& weight,
                                      int k_step);  // tap: K x C
// One term for all taps, its rows (tap, C).
PairedWeights pair_gathered_weights(const ConvShape& shape, const Tensor& weight, int k_step);

// Some columns of `count` panels that follow one another. The panels have `rows` rows, which are
// `width` numbers long.
struct PanelRow {
  const bfloat16* first;
  int count, rows, width;
  int columns;
};
// Each as a right operand with k = rows, rounded up to `k`: round_up(columns, 16) * k numbers a
// panel, with b_panel = 16 * k.
void pair_panels(const PanelRow& panels, int k, bfloat16* to);

// Each transposed, as a left operand: (columns x k) with a_row = k.
void transpose_panels(const PanelRow& panels, int k, bfloat16* to);

// images (N, C, H, W) of BF16, with zero channels added.
Tensor pad_channels(const Tensor& images, int channels);

}  // namespace weir::kernels
