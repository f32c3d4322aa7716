#include "train/optimizer/adamw.h"

#include <cmath>

#include "train/optimizer/elementwise.h"

namespace weir {
namespace {

// The factors of one step of one parameter, computed in double as PyTorch does, applied in float.
struct AdamWStep {
  float keep, beta1, beta2, gain1, gain2, size, root_correction, eps;
};

AdamWStep factors(const OptimizerOptions& options, float lr, float weight_decay, int64_t step) {
  const double t = static_cast<double>(step);
  const double beta1 = options.beta1, beta2 = options.beta2;
  return {.keep = 1.f - lr * weight_decay,
          .beta1 = options.beta1,
          .beta2 = options.beta2,
          .gain1 = static_cast<float>(1.0 - beta1),
          .gain2 = static_cast<float>(1.0 - beta2),
          .size = static_cast<float>(lr / (1.0 - std::pow(beta1, t))),
          .root_correction = static_cast<float>(std::sqrt(1.0 - std::pow(beta2, t))),
          .eps = options.eps};
}

void update(float* __restrict p, const float* __restrict g, float* __restrict m,
            float* __restrict v, int64_t count, const AdamWStep& s) {
  for (int64_t i = 0; i < count; ++i) {
    m[i] = s.beta1 * m[i] + s.gain1 * g[i];
    v[i] = s.beta2 * v[i] + s.gain2 * g[i] * g[i];
    const float denominator = std::sqrt(v[i]) / s.root_correction + s.eps;
    p[i] = p[i] * s.keep - s.size * (m[i] / denominator);
  }
}

}  // namespace

AdamW::AdamW(std::vector<NamedParameter> parameters, const OptimizerOptions& options)
    : Optimizer(std::move(parameters), options),
      mean_(zeros_like_parameters("exp_avg.")),
      square_(zeros_like_parameters("exp_avg_sq.")) {
  for (const NamedParameter& parameter : parameters_) {
    steps_.push_back({"step." + parameter.name, Tensor::zeros({}, DType::kI64)});
  }
}

void AdamW::step(float lr) {
  std::vector<AdamWStep> steps(parameters_.size());
  for (size_t k = 0; k < steps.size(); ++k) {
    if (!parameters_[k].variable.grad().defined()) continue;
    const int64_t t = ++*steps_[k].tensor.data<int64_t>();
    steps[k] = factors(options_, lr * rule(k).lr_scale, rule(k).weight_decay, t);
  }
  update_elements(element_counts(), [&](size_t k, int64_t begin, int64_t end) {
    Variable& variable = parameters_[k].variable;
    update(variable.value().data() + begin, variable.grad().data() + begin,
           mean_[k].tensor.data() + begin, square_[k].tensor.data() + begin, end - begin, steps[k]);
  });
}

std::vector<NamedTensor> AdamW::state() {
  std::vector<NamedTensor> tensors = steps_;
  tensors.insert(tensors.end(), mean_.begin(), mean_.end());
  tensors.insert(tensors.end(), square_.begin(), square_.end());
  return tensors;
}

}  // namespace weir
