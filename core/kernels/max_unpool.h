// Max unpooling: every value goes back to the pixel that its index names.
#pragma once

#include <optional>
#include <vector>

#include "core/kernels/unpool_tiles.h"
#include "core/tensor/tensor.h"

namespace weir::kernels {

// The least and the largest index in each row of pixels of each block, [block * H + row], of the
// images in it; padded rows are not read.
struct IndexRange {
  int32_t least = 0, most = 0;
};
std::vector<IndexRange> index_ranges(const Tensor& indices);

// Where an index is not in [0, pixels): the first in memory; none when all are.
struct BadIndex {
  int n = 0, c = 0, y = 0, x = 0;
  int32_t index = 0;
};
std::optional<BadIndex> find_bad_index(const Tensor& indices, const std::vector<IndexRange>& ranges,
                                       int64_t pixels);

// x, indices: images (N, C, H, W), x of F32 or BF16 and indices of I32; y: images (N, C, OH, OW),
// stored as x. All indices of images lie in [0, OH * OW), and `ranges` is their index_ranges().
// Pixels that no index names become 0; of several values for one pixel, the last in row-major order
// stays. `tile` is where they are expected, if anywhere: fast where it is so.
void max_unpool_forward(const Tensor& x, const Tensor& indices,
                        const std::vector<IndexRange>& ranges,
                        const std::optional<UnpoolTile>& tile, Tensor& y);
// dx = dy at the index, also of values that another one replaced (PyTorch's rule).
void max_unpool_backward(const Tensor& dy, const Tensor& indices,
                         const std::optional<UnpoolTile>& tile, Tensor& dx);

}  // namespace weir::kernels
