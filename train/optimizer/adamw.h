// AdamW: Adam with decoupled weight decay, as torch.optim.AdamW computes it. At step t = 1, 2, ..
// of a parameter (those in which it has a gradient count):
//   p = p * (1 - lr * weight_decay)
//   m = beta1 * m + (1 - beta1) * g
//   v = beta2 * v + (1 - beta2) * g^2
//   p = p - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
// Loshchilov, Hutter, "Decoupled weight decay regularization", ICLR 2019.
#pragma once

#include "train/optimizer/optimizer.h"

namespace weir {

class AdamW : public Optimizer {
 public:
  AdamW(std::vector<NamedParameter> parameters, const OptimizerOptions& options);
  void step(float lr) override;
  void set_momentum(float momentum) override { options_.beta1 = momentum; }
  std::vector<NamedTensor> state() override;

 private:
  std::vector<NamedTensor> steps_, mean_, square_;  // t (one I64), m and v of each parameter
};

}  // namespace weir
