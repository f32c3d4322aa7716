// Maxima that say where they were, and maxima of adaptive windows. Semantics are PyTorch's.
#pragma once

#include <array>

#include "core/autograd/variable.h"
#include "core/functions/pool2d.h"

namespace weir {

// y as without indices. indices: I32 images of y's shape, h * W + w of the winner in its plane of
// the input, which has no padding; what max_unpool2d() takes. Their padded rows are valid too.
struct MaxPooled {
  Variable y;
  Tensor indices;
};
MaxPooled max_pool2d_with_indices(const Variable& x, const MaxPool2dOptions& options);

// The cells of adaptive_avg_pool2d(). Output size 1 is global max pooling.
Variable adaptive_max_pool2d(const Variable& x, std::array<int, 2> output_size);
MaxPooled adaptive_max_pool2d_with_indices(const Variable& x, std::array<int, 2> output_size);

}  // namespace weir
