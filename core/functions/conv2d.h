// Two-dimensional convolution (cross-correlation, as every framework has it).
#pragma once

#include <array>
#include <optional>

#include "core/autograd/variable.h"
#include "core/functions/dropout.h"
#include "core/functions/pool2d.h"
#include "core/window.h"

namespace weir {

namespace kernels {
class PanelMoments;
}

// What happens to the output in the same pass: y = dropout(relu(y)), with the same bits as calling
// relu() and dropout() afterwards. Only the final y is kept for the backward pass.
struct LinearOptions {
  bool relu = false;
  std::optional<DropoutOptions> dropout = std::nullopt;  // with relu only
  std::optional<DType> output = std::nullopt;            // F32 or BF16; none: as x
  kernels::PanelMoments* moments = nullptr;              // takes those of y; null: none wanted
};

struct Conv2dOptions {
  std::array<int, 2> stride{1, 1};  // {height, width}, as everywhere
  std::array<int, 2> padding{0, 0};
  std::array<int, 2> dilation{1, 1};
  int groups = 1;
  bool relu = false;  // this and the next three as in LinearOptions
  std::optional<DropoutOptions> dropout = std::nullopt;
  std::optional<DType> output = std::nullopt;
  kernels::PanelMoments* moments = nullptr;
  // Pools the result as max_pool2d() or avg_pool2d() would, with the same bits, while it is in the
  // cache. Without dropout and moments only.
  std::optional<Pool2dOptions> pool = std::nullopt;
};

// x (N, C, H, W) images of F32 or BF16; weight (K, C/groups, KH, KW) and bias (K) or undefined, of
// F32 -> (N, K, OH, OW), OH and OW by the master formula (core/window.h), pooled if asked for. With
// x of BF16 the weights are rounded to BF16 too, sums are taken in float, and the gradients of the
// weights are F32. Throws kUsage when channels do not match, groups do not divide, the kernel
// exceeds the input, dropout is asked for without relu or with pooling, moments with pooling, F32
// images shall give BF16, or a pooling window does not fit.
Variable conv2d(const Variable& x, const Variable& weight, const Variable& bias,
                const Conv2dOptions& options = {});

// x (N, C, H, W) images with C*H*W = in_features; weight (out_features, in_features); bias
// (out_features) or undefined -> (N, out_features, 1, 1). The features of an image count in
// PyTorch's flatten order, c then y then x: in image blocks this is a convolution whose kernel is
// the map.
Variable linear(const Variable& x, const Variable& weight, const Variable& bias,
                const LinearOptions& options = {});

}  // namespace weir
