#pragma once

#include <span>

#include <oneapi/dnnl/dnnl.hpp>

namespace weir::peers {

struct Sgd {
  float learning_rate = 1e-3f;
  float momentum = 0.9f;
  float weight_decay = 5e-4f;
};

// Weights or bias in fp32, with gradient and velocity in the same layout: the one in which oneDNN
// computes the gradient, so that the update reads and writes straight through memory.
class Parameter {
 public:
  // Zeros of `desc`, which must be fp32.
  Parameter(const dnnl::memory::desc& desc, const dnnl::engine& engine);

  const dnnl::memory& value() const { return value_; }
  const dnnl::memory& gradient() const { return gradient_; }
  // Every number in memory, the zeros of a layout's padding too.
  std::span<float> values() { return numbers(value_); }
  std::span<const float> gradients() const { return numbers(gradient_); }
  // Without that padding.
  dnnl::memory::dim count() const;

  // Normal numbers of variance 2 / fan_in (He et al. 2015, arXiv:1502.01852).
  void initialize(unsigned seed);
  // One step with Nesterov momentum, as torch.optim.SGD defines it.
  void update(const Sgd& sgd);

 private:
  static std::span<float> numbers(const dnnl::memory& memory);

  dnnl::memory value_;
  dnnl::memory gradient_;
  dnnl::memory velocity_;
};

}  // namespace weir::peers
