// Pooling: a window that slides with a stride, and a reducer inside it. Semantics are PyTorch's.
// x is images of F32 or BF16, and the result alike.
#pragma once

#include <array>
#include <optional>

#include "core/autograd/variable.h"
#include "core/window.h"

namespace weir {

struct MaxPool2dOptions {
  std::array<int, 2> kernel_size{2, 2};
  std::optional<std::array<int, 2>> stride;  // default: kernel_size
  std::array<int, 2> padding{0, 0};          // at most half the extent of the kernel
  std::array<int, 2> dilation{1, 1};
  bool ceil_mode = false;
};

struct AvgPool2dOptions {
  std::array<int, 2> kernel_size{2, 2};
  std::optional<std::array<int, 2>> stride;
  std::array<int, 2> padding{0, 0};
  bool ceil_mode = false;
  bool count_include_pad = true;        // padding counts in the divisor; ceil_mode's overhang never
  std::optional<int> divisor_override;  // divide by this instead
};

// The window of these options on an (h, w) map. Throws kUsage with the master formula when the
// kernel does not fit, the padding exceeds half its extent, or a window sees nothing but padding.
Window2d window_of(const MaxPool2dOptions& options, int h, int w);
Window2d window_of(const AvgPool2dOptions& options, int h, int w);

// Ties: the first in row-major order takes the whole gradient. NaN propagates.
Variable max_pool2d(const Variable& x, const MaxPool2dOptions& options);
Variable avg_pool2d(const Variable& x, const AvgPool2dOptions& options);

// Output cell i of O covers inputs floor(i*I/O) .. ceil((i+1)*I/O) - 1. Output size 1 is global
// average pooling (Lin, Chen, Yan, ICLR 2014).
Variable adaptive_avg_pool2d(const Variable& x, std::array<int, 2> output_size);

}  // namespace weir
