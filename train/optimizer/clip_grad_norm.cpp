#include "train/optimizer/clip_grad_norm.h"

#include <cmath>

#include "core/kernels/elementwise.h"

namespace weir {

double grad_norm(const std::vector<NamedParameter>& parameters) {
  double sum = 0;
  for (const NamedParameter& parameter : parameters) {
    const Tensor& grad = parameter.variable.grad();
    if (grad.defined()) sum += kernels::sum_of_squares(grad);
  }
  return std::sqrt(sum);
}

void clip_grad_norm(const std::vector<NamedParameter>& parameters, double norm, double max_norm) {
  constexpr double kEpsilon = 1e-6;  // PyTorch's
  const auto factor = static_cast<float>(max_norm / (norm + kEpsilon));
  if (!(factor < 1.f)) return;
  for (const NamedParameter& parameter : parameters) {
    Variable variable = parameter.variable;
    if (variable.grad().defined()) kernels::scale_in_place(variable.grad(), factor);
  }
}

}  // namespace weir
