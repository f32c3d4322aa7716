// Softmax cross-entropy, and softmax alone for predictions.
#pragma once

#include <cstdint>
#include <span>

#include "core/autograd/variable.h"

namespace weir {

struct CrossEntropyOptions {
  // Targets become (1 - s) * onehot + s / classes. Szegedy et al., CVPR 2016; PyTorch's definition.
  float label_smoothing = 0.f;
};

// logits (N, K, 1, 1) images of F32 in every precision; labels N values in [0, K). The mean over
// the N images, one number. Throws kUsage for a label out of range or a shape that does not match.
Variable cross_entropy(const Variable& logits, std::span<const int> labels,
                       const CrossEntropyOptions& options = {});

// logits (N, K, 1, 1) -> probabilities, row-major (N, K), plain.
Tensor softmax(const Tensor& logits);

}  // namespace weir
