#include "core/functions/activation.h"

#include <string>

#include "core/base/error.h"
#include "core/functions/in_place.h"
#include "core/kernels/activation.h"

namespace weir {
namespace {

using kernels::Activation;

Variable activate(Activation kind, const Variable& x, float slope = 0.f) {
  const std::string name(kernels::name_of(kind));
  require(x.defined() && is_floating(x.value().dtype()),
          "[{}] expected a tensor of F32 or BF16, got {}", name,
          x.defined() ? name_of(x.value().dtype()) : "nothing");
  const bool recording = records({&x});
  Variable y(Tensor::like(x.value()), recording);
  kernels::activation_forward(kind, slope, x.value(), y.value());
  if (recording) {
    const Tensor kept = kernels::keeps_output(kind) ? y.value() : x.value();
    const Variable input = x.without_value();
    Tape::active()->record(name, y, [kind, slope, input, kept](const Tensor& dy) {
      Tensor dx = in_place_or_new(dy);
      kernels::activation_backward(kind, slope, kept, dy, dx);
      input.accumulate_grad(dx);
    });
  }
  return y;
}

}  // namespace

Variable relu(const Variable& x) { return activate(Activation::kRelu, x); }

Variable leaky_relu(const Variable& x, float negative_slope) {
  return activate(Activation::kLeakyRelu, x, negative_slope);
}

Variable gelu(const Variable& x) { return activate(Activation::kGelu, x); }
Variable silu(const Variable& x) { return activate(Activation::kSilu, x); }
Variable tanh(const Variable& x) { return activate(Activation::kTanh, x); }
Variable sigmoid(const Variable& x) { return activate(Activation::kSigmoid, x); }

}  // namespace weir
