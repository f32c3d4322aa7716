// Unpooling where the pooling's windows tiled the map: a comparison for each pixel of the large
// map, in order, instead of writes and reads all over it.
#pragma once

#include "core/tensor/tensor.h"

namespace weir::kernels {

// The indices of pixel (y, x) are expected in the h times w pixels from (y * h, x * w) on: what a
// pooling with a stride as large as its kernel and without padding gives.
struct UnpoolTile {
  int h = 1, w = 1;
};

// As max_unpool_forward() and max_unpool_backward(), where y and dy have H * h times W * w pixels.
// False where an index is not in its tile; the output is not the right one then.
bool unpool_tiles_forward(const Tensor& x, const Tensor& indices, const UnpoolTile& tile,
                          Tensor& y);
bool unpool_tiles_backward(const Tensor& dy, const Tensor& indices, const UnpoolTile& tile,
                           Tensor& dx);

}  // namespace weir::kernels
