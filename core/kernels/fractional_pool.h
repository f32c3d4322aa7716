// Max pooling over windows that differ from lane to lane.
#pragma once

#include "core/kernels/fractional_regions.h"
#include "core/tensor/tensor.h"

namespace weir::kernels {

struct FractionalGeometry {
  FractionalAxis y, x;
};

// x (N, C, H, W), y and indices (N, C, OH, OW): images, x and y of F32 or BF16, indices of I32, h *
// W + w of the winner. Among equal inputs the first wins, NaN over everything and the last NaN over
// the others; a window of nothing but -inf gives its first pixel.
void fractional_max_forward(const FractionalGeometry& geometry, const Tensor& x, Tensor& y,
                            Tensor& indices);
// dx of a pixel is the sum of dy over the windows that it won, in row-major order; with BF16 it is
// rounded once.
void fractional_max_backward(const FractionalGeometry& geometry, const Tensor& indices,
                             const Tensor& dy, Tensor& dx);

}  // namespace weir::kernels
