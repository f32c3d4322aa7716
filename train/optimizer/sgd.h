// Stochastic gradient descent as torch.optim.SGD computes it (dampening 0). For each parameter p
// with gradient g:
//   d = g + weight_decay * p
//   buf = momentum * buf + d                        (the first step: buf = d)
//   p = p - lr * (nesterov ? d + momentum * buf : buf)
// Without momentum there is no buf, and p = p - lr * d.
// Sutskever, Martens, Dahl, Hinton, ICML 2013 (in PyTorch's form, where lr scales the whole step).
#pragma once

#include "train/optimizer/optimizer.h"

namespace weir {

class Sgd : public Optimizer {
 public:
  // Throws kUsage for nesterov without momentum.
  Sgd(std::vector<NamedParameter> parameters, const OptimizerOptions& options);
  void step(float lr) override;
  void set_momentum(float momentum) override { options_.momentum = momentum; }
  std::vector<NamedTensor> state() override { return momentum_; }

 private:
  std::vector<NamedTensor> momentum_;  // one for each parameter; empty without momentum
};

}  // namespace weir
