// Transposed convolution: the gradient of a convolution as a forward pass. It undoes a stride, as
// far as sizes go. Zeiler, Krishnan, Taylor, Fergus, CVPR 2010.
#pragma once

#include <array>
#include <optional>

#include "core/autograd/variable.h"

namespace weir {

struct ConvTranspose2dOptions {
  std::array<int, 2> stride{1, 1};
  std::array<int, 2> padding{0, 0};         // pixels taken away on each side of the output
  std::array<int, 2> output_padding{0, 0};  // pixels added behind it; below the stride
  std::array<int, 2> dilation{1, 1};
  std::optional<DType> output = std::nullopt;  // F32 or BF16; none: as x
};

// (I - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1 for each axis.
// Throws kUsage with the formula when nothing is left, or for an output_padding of a stride or more
// (PyTorch also takes one below the dilation).
std::array<int, 2> transposed_size_of(const ConvTranspose2dOptions& options,
                                      std::array<int, 2> kernel_size, int h, int w);

// x (N, C, H, W) images of F32 or BF16; weight (C, K, KH, KW), PyTorch's order, and bias (K) or
// undefined, of F32 -> (N, K, OH, OW). With x of BF16 the weights are rounded too, sums are taken
// in float, and each output is rounded once. No groups.
Variable conv_transpose2d(const Variable& x, const Variable& weight, const Variable& bias,
                          const ConvTranspose2dOptions& options = {});

}  // namespace weir
