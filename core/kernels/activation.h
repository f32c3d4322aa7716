// Element-wise activations and their gradients. One loop; each activation is a pair of formulas.
// The tensors of a call are all F32 or all BF16, of one shape and layout.
#pragma once

#include <string_view>

#include "core/tensor/tensor.h"

namespace weir::kernels {

enum class Activation { kRelu, kLeakyRelu, kGelu, kSilu, kTanh, kSigmoid };

// PyTorch's names: "relu", "leaky_relu", "gelu", "silu", "tanh", "sigmoid".
std::string_view name_of(Activation kind);

// What the backward pass reads: y where it determines the gradient; else x.
constexpr bool keeps_output(Activation kind) {
  return kind == Activation::kRelu || kind == Activation::kTanh || kind == Activation::kSigmoid;
}

// y = f(x). `slope` is leaky_relu's factor for negative values; the others ignore it. y may be x.
void activation_forward(Activation kind, float slope, const Tensor& x, Tensor& y);

// dx = dy * f'(x), with `kept` as keeps_output() says. All of dx is written; dx may be
// dy.
void activation_backward(Activation kind, float slope, const Tensor& kept, const Tensor& dy,
                         Tensor& dx);

}  // namespace weir::kernels
