// Batch normalisation over (N, H, W), per channel. Ioffe, Szegedy, ICML 2015.
#pragma once

#include "core/autograd/variable.h"

namespace weir {

namespace kernels {
class PanelMoments;
}

struct BatchNormOptions {
  bool training = true;
  float momentum = 0.1f;  // running = (1 - momentum) * running + momentum * batch
  float eps = 1e-5f;
  bool relu = false;  // max(y, 0) in the same pass; y itself is not kept
  // In training, those of x around running_mean, which whoever wrote x has filled; null: a pass
  // over x takes them. The result has the same bits.
  kernels::PanelMoments* moments = nullptr;
};

// x (N, C, H, W) images of F32 or BF16, y alike; weight, bias, running_mean, running_var (C) plain.
// Training: normalises by the batch's mean and biased variance, and updates the running statistics
// in place (variance unbiased there), as PyTorch does. Otherwise uses the running statistics.
// The padded rows count in no statistic. Throws kUsage in training when N*H*W is 1.
Variable batch_norm(const Variable& x, const Variable& weight, const Variable& bias,
                    Tensor& running_mean, Tensor& running_var, const BatchNormOptions& options);

}  // namespace weir
