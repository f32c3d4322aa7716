// The windows that pooling functions share: their options, their checks, and where they lie.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "core/autograd/variable.h"
#include "core/kernels/pool/geometry.h"
#include "core/window.h"

namespace weir {

struct PoolWindow {
  std::array<int, 2> kernel_size{2, 2};
  std::optional<std::array<int, 2>> stride = std::nullopt;  // default: kernel_size
  std::array<int, 2> padding{0, 0};                         // at most half the extent of the kernel
  std::array<int, 2> dilation{1, 1};
  bool ceil_mode = false;
};

// The window on an (h, w) map. Throws kUsage, beginning with "[operation]" and with the master
// formula, when the kernel does not fit, the padding exceeds half its extent, or a window sees
// nothing but padding.
Window2d window_of(std::string_view operation, const PoolWindow& window, int h, int w);
// The same for the images x. Throws kUsage unless they are images.
kernels::PoolGeometry geometry_of(std::string_view operation, const PoolWindow& window,
                                  const Variable& x);

// Output cell i of O covers inputs floor(i*I/O) .. ceil((i+1)*I/O) - 1. Throws kUsage unless x are
// images and both sizes at least 1.
kernels::PoolGeometry adaptive_geometry_of(std::string_view operation,
                                           std::array<int, 2> output_size, const Variable& x);

}  // namespace weir
