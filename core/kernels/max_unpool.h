// Max unpooling: every value goes back to the pixel that its index names.
#pragma once

#include <optional>

#include "core/tensor/tensor.h"

namespace weir::kernels {

// x, indices: images (N, C, H, W), x of F32 or BF16 and indices of I32; y: images (N, C, OH, OW),
// stored as x. Indices of images lie in [0, OH * OW); those of padded rows are not read. Pixels
// that no index names become 0; of several values for one pixel, the last in row-major order stays.
void max_unpool_forward(const Tensor& x, const Tensor& indices, Tensor& y);
// dx = dy at the index, also of values that another one replaced (PyTorch's rule).
void max_unpool_backward(const Tensor& dy, const Tensor& indices, Tensor& dx);

// Where an index is not in [0, pixels); none when all are.
struct BadIndex {
  int n = 0, c = 0, y = 0, x = 0;
  int32_t index = 0;
};
std::optional<BadIndex> find_bad_index(const Tensor& indices, int64_t pixels);

}  // namespace weir::kernels
