// Anti-aliased downsampling: a fixed binomial filter, then the stride. Zhang, ICML 2019
// (arXiv:1904.11486). x is images of F32 or BF16.
#pragma once

#include "core/autograd/variable.h"

namespace weir {

struct BlurPool2dOptions {
  int filter_size = 3;  // 1 to 7: [1 2 1] / 4 for 3, [1 4 6 4 1] / 16 for 5, across and down
  int stride = 2;
};

// The map is mirrored at its border by (filter_size - 1) / 2 cells, one more below and to the right
// for an even filter: an input of I gives floor((I - 1) / stride) + 1. Throws kUsage when the map
// is not larger than that border.
Variable blur_pool2d(const Variable& x, const BlurPool2dOptions& options);

// The maximum at stride 1 without padding, then blur_pool2d.
Variable max_blur_pool2d(const Variable& x, int kernel_size, const BlurPool2dOptions& options);

}  // namespace weir
