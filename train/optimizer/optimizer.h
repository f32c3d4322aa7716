// Optimizers, as PyTorch defines them. Parameters and state stay in PyTorch's layout.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/io/safetensors.h"
#include "layers/layer.h"

namespace weir {

// Parameters with a rate and a decay of their own.
struct ParameterGroup {
  std::string match;                                 // a pattern of layers/name_pattern.h
  float lr_scale = 1.f;                              // their rate is that of the step times this
  std::optional<float> weight_decay = std::nullopt;  // none: that of the optimizer
};

struct OptimizerOptions {
  std::string name = "sgd";  // sgd | adamw
  float lr = 0.1f;
  float momentum = 0.9f;  // sgd
  bool nesterov = false;  // sgd
  float weight_decay = 0.f;
  // PyTorch decays every parameter. False leaves out those with NamedParameter::decay == false:
  // biases and the scale and shift of batch norm.
  bool decay_bias_and_norm = true;
  float beta1 = 0.9f, beta2 = 0.999f, eps = 1e-8f;  // adamw
  // A parameter belongs to the first group that fits it; the others take the options as they are.
  // What decay_bias_and_norm spares is spared in groups too.
  std::vector<ParameterGroup> groups = {};
};

class Optimizer {
 public:
  virtual ~Optimizer() = default;
  // One update from the gradients that backward left. A parameter without gradient is skipped, and
  // its state with it. The result does not depend on the number of threads.
  virtual void step(float lr) = 0;
  // For cycled momentum; AdamW cycles beta1, as PyTorch does.
  virtual void set_momentum(float momentum) = 0;
  // The state, sharing memory: "momentum.<parameter>", or "step.<parameter>", "exp_avg.<parameter>"
  // and "exp_avg_sq.<parameter>". Writing to these tensors restores a saved state.
  virtual std::vector<NamedTensor> state() = 0;

  void zero_grad();

 protected:
  Optimizer(std::vector<NamedParameter> parameters, const OptimizerOptions& options);
  // What one parameter's group and kind make of the options.
  struct Rule {
    float lr_scale, weight_decay;
  };
  const Rule& rule(size_t parameter) const { return rules_[parameter]; }
  // Elements of each parameter that an update touches: none without a gradient.
  std::vector<int64_t> element_counts() const;
  std::vector<NamedTensor> zeros_like_parameters(const std::string& prefix) const;

  std::vector<NamedParameter> parameters_;
  OptimizerOptions options_;

 private:
  Rule rule_for(const NamedParameter& parameter) const;

  std::vector<Rule> rules_;  // one for each parameter
};

// Names of the optimizers, for error messages and the configuration.
const std::vector<std::string>& optimizer_names();

// Throws kUsage for an unknown name, with the nearest one, and for groups that fit no parameter, or
// none that an earlier group leaves to them.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options,
                                          std::vector<NamedParameter> parameters);

}  // namespace weir
