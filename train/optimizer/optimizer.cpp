#include "train/optimizer/optimizer.h"

#include "core/base/error.h"
#include "core/base/names.h"
#include "train/optimizer/adamw.h"
#include "train/optimizer/sgd.h"

namespace weir {

Optimizer::Optimizer(std::vector<NamedParameter> parameters, const OptimizerOptions& options)
    : parameters_(std::move(parameters)), options_(options) {}

void Optimizer::zero_grad() {
  for (NamedParameter& parameter : parameters_) parameter.variable.clear_grad();
}

float Optimizer::decay_of(const NamedParameter& parameter) const {
  return parameter.decay || options_.decay_bias_and_norm ? options_.weight_decay : 0.f;
}

std::vector<int64_t> Optimizer::element_counts() const {
  std::vector<int64_t> counts;
  for (const NamedParameter& parameter : parameters_) {
    const Variable& variable = parameter.variable;
    counts.push_back(variable.grad().defined() ? variable.value().numel() : 0);
  }
  return counts;
}

std::vector<NamedTensor> Optimizer::zeros_like_parameters(const std::string& prefix) const {
  std::vector<NamedTensor> tensors;
  for (const NamedParameter& parameter : parameters_) {
    tensors.push_back({prefix + parameter.name, Tensor::zeros_like(parameter.variable.value())});
  }
  return tensors;
}

const std::vector<std::string>& optimizer_names() {
  static const std::vector<std::string> names{"sgd", "adamw"};
  return names;
}

std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options,
                                          std::vector<NamedParameter> parameters) {
  if (options.name == "sgd") return std::make_unique<Sgd>(std::move(parameters), options);
  if (options.name == "adamw") return std::make_unique<AdamW>(std::move(parameters), options);
  fail(ErrorKind::kUsage, "unknown optimizer '{}'{}; known: {}", options.name,
       did_you_mean(options.name, optimizer_names()), join(optimizer_names()));
}

}  // namespace weir
