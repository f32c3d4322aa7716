// What functions of class scores ask of their input.
#pragma once

#include <span>
#include <string_view>

#include "core/base/error.h"
#include "core/functions/require_images.h"
#include "core/tensor/tensor.h"

namespace weir {

// Throws kUsage, beginning with "[operation] logits: ", unless they are F32 images (N, K, 1, 1).
inline void require_logits(std::string_view operation, const Tensor& logits) {
  require(logits.defined() && logits.is_images() && logits.dtype() == DType::kF32 &&
              logits.h() == 1 && logits.w() == 1,
          "[{}] logits: expected F32 images (N, K, 1, 1), got {}{}", operation, describe(logits),
          logits.defined() && logits.dtype() == DType::kBF16
              ? ": let the last layer write F32, or cast() its output"
              : "");
}

// Throws kUsage unless there is one label in [0, K) for each of the N images.
inline void require_labels(std::string_view operation, std::span<const int> labels,
                           const Tensor& logits) {
  require(static_cast<int>(labels.size()) == logits.n(),
          "[{}] labels: expected one for each of {} images, got {}", operation, logits.n(),
          labels.size());
  for (size_t i = 0; i < labels.size(); ++i) {
    require(labels[i] >= 0 && labels[i] < logits.c(),
            "[{}] label of image {}: expected 0 to {}, got {}", operation, i, logits.c() - 1,
            labels[i]);
  }
}

}  // namespace weir
