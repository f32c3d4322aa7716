#include "train/optimizer/clip_grad_norm.h"

#include <cmath>

#include "core/runtime/parallel.h"
#include "train/optimizer/elementwise.h"

namespace weir {
namespace {

double sum_of_squares(const Tensor& tensor) {
  const float* values = tensor.data();
  return parallel_sum(tensor.numel(), [&](int64_t begin, int64_t end) {
    double sum = 0;
    for (int64_t i = begin; i < end; ++i) sum += double{values[i]} * double{values[i]};
    return sum;
  });
}

}  // namespace

double grad_norm(const std::vector<NamedParameter>& parameters) {
  double sum = 0;
  for (const NamedParameter& parameter : parameters) {
    if (parameter.variable.grad().defined()) sum += sum_of_squares(parameter.variable.grad());
  }
  return std::sqrt(sum);
}

void clip_grad_norm(const std::vector<NamedParameter>& parameters, double norm, double max_norm) {
  constexpr double kEpsilon = 1e-6;  // PyTorch's
  const auto factor = static_cast<float>(max_norm / (norm + kEpsilon));
  if (!(factor < 1.f)) return;
  for (const NamedParameter& parameter : parameters) {
    Variable variable = parameter.variable;
    if (!variable.grad().defined()) continue;
    float* values = variable.grad().data();
    update_elements(variable.grad().numel(), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) values[i] *= factor;
    });
  }
}

}  // namespace weir
