// Element-wise layers: no parameters, the shape stays. Definitions in core/functions/activation.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/functions/activation.h"
#include "layers/layer.h"

namespace weir {

class Activation : public Layer {
 public:
  FeatureShape output_shape(const FeatureShape& in) const override { return in; }
};

class ReLU : public Activation {
 public:
  std::string_view kind() const override { return "ReLU"; }
  Variable forward(const Variable& x, const StepContext&) override { return relu(x); }
};

class LeakyReLU : public Activation {
 public:
  explicit LeakyReLU(float negative_slope = 0.01f) : negative_slope_(negative_slope) {}
  std::string_view kind() const override { return "LeakyReLU"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext&) override {
    return leaky_relu(x, negative_slope_);
  }

 private:
  float negative_slope_;
};

class GELU : public Activation {
 public:
  std::string_view kind() const override { return "GELU"; }
  std::string options() const override { return "approximate='none'"; }
  Variable forward(const Variable& x, const StepContext&) override { return gelu(x); }
};

class SiLU : public Activation {
 public:
  std::string_view kind() const override { return "SiLU"; }
  Variable forward(const Variable& x, const StepContext&) override { return silu(x); }
};

class Tanh : public Activation {
 public:
  std::string_view kind() const override { return "Tanh"; }
  Variable forward(const Variable& x, const StepContext&) override { return tanh(x); }
};

class Sigmoid : public Activation {
 public:
  std::string_view kind() const override { return "Sigmoid"; }
  Variable forward(const Variable& x, const StepContext&) override { return sigmoid(x); }
};

// The words of `act:` in a configuration: "relu", "leaky_relu", "gelu", "silu", "tanh", "sigmoid".
std::vector<std::string> activation_names();
// Throws kUsage with the nearest name.
LayerPtr make_activation(std::string_view name);

}  // namespace weir
