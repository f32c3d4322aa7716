// What every function of images asks of its input.
#pragma once

#include <string>
#include <string_view>

#include "core/autograd/variable.h"
#include "core/base/error.h"

namespace weir {

// "BF16 images (40, 3, 2, 2)", "plain F32 (4)", "nothing".
inline std::string describe(const Tensor& tensor) {
  if (!tensor.defined()) return "nothing";
  const std::string_view type = name_of(tensor.dtype());
  return tensor.is_images() ? fmt::format("{} images {}", type, tensor.shape().str())
                            : fmt::format("plain {} {}", type, tensor.shape().str());
}

// Throws kUsage, beginning with "[operation] x: ", unless x is images of F32 or BF16.
inline void require_images(std::string_view operation, const Variable& x) {
  const Tensor value = x.defined() ? x.value() : Tensor();
  require(value.defined() && value.is_images() && is_floating(value.dtype()),
          "[{}] x: expected images (N, C, H, W) of F32 or BF16, got {}", operation,
          describe(value));
}

}  // namespace weir
