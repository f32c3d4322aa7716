// Max and average pooling: a window that slides with a stride, and a reducer inside it. Semantics
// are PyTorch's. x is images of F32 or BF16, and the result alike.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <variant>

#include "core/autograd/variable.h"
#include "core/functions/pool_window.h"
#include "core/window.h"

namespace weir {

using MaxPool2dOptions = PoolWindow;

struct AvgPool2dOptions {
  std::array<int, 2> kernel_size{2, 2};
  std::optional<std::array<int, 2>> stride;
  std::array<int, 2> padding{0, 0};
  bool ceil_mode = false;
  bool count_include_pad = true;        // padding counts in the divisor; ceil_mode's overhang never
  std::optional<int> divisor_override;  // divide by this instead

  PoolWindow window() const {
    return {
        .kernel_size = kernel_size, .stride = stride, .padding = padding, .ceil_mode = ceil_mode};
  }
};

// Either of them, for functions that pool what they compute.
using Pool2dOptions = std::variant<MaxPool2dOptions, AvgPool2dOptions>;

// Errors in a window: see window_of() in core/functions/pool_window.h.
// Ties: the first in row-major order takes the whole gradient. NaN propagates.
Variable max_pool2d(const Variable& x, const MaxPool2dOptions& options);
Variable avg_pool2d(const Variable& x, const AvgPool2dOptions& options);

// The average of the cells inside the image, for every window; errors begin with "[operation]".
Variable mean_pool2d(std::string_view operation, const Variable& x, const PoolWindow& window);

// Output cell i of O covers inputs floor(i*I/O) .. ceil((i+1)*I/O) - 1. Output size 1 is global
// average pooling (Lin, Chen, Yan, ICLR 2014).
Variable adaptive_avg_pool2d(const Variable& x, std::array<int, 2> output_size);

}  // namespace weir
