// Max unpooling, the partial inverse of max pooling: maxima return to where they were, all other
// pixels are 0. Zeiler, Taylor, Fergus, ICCV 2011; SegNet's decoder. Semantics are PyTorch's.
#pragma once

#include <array>
#include <optional>

#include "core/autograd/variable.h"

namespace weir {

// Those of the pooling that made the indices.
struct MaxUnpool2dOptions {
  std::array<int, 2> kernel_size{2, 2};
  std::optional<std::array<int, 2>> stride = std::nullopt;  // default: kernel_size
  std::array<int, 2> padding{0, 0};
  // Several sizes pool to one: the default is (I - 1) * stride - 2 * padding + kernel_size, and
  // this may be less than a stride away from it.
  std::optional<std::array<int, 2>> output_size = std::nullopt;
};

// The size of the output for an (h, w) map. Throws kUsage with the numbers when output_size is a
// stride or more away from the default.
std::array<int, 2> unpooled_size_of(const MaxUnpool2dOptions& options, int h, int w);

// x (N, C, H, W) images of F32 or BF16, indices of I32 as max_pool2d_with_indices() gives them, in
// the same shape. When two indices of a channel are equal, as behind overlapping windows, the last
// value in row-major order stays. The gradient of a value is dy at its index.
// Throws kUsage for indices of another shape, or outside the output, with the first such number.
Variable max_unpool2d(const Variable& x, const Tensor& indices, const MaxUnpool2dOptions& options);

}  // namespace weir
