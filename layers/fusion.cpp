#include "layers/fusion.h"

#include <algorithm>
#include <array>
#include <typeinfo>

#include "core/kernels/panel_moments.h"
#include "layers/activation.h"
#include "layers/batch_norm2d.h"
#include "layers/conv2d.h"
#include "layers/dropout.h"
#include "layers/linear.h"
#include "layers/pool2d.h"

namespace weir {
namespace {

using LayerSpan = std::span<Layer* const>;

// The types must be exactly these: a derived class may compute something else.
template <class Kind>
bool is(const Layer& layer) {
  return typeid(layer) == typeid(Kind);
}

template <class... Kinds>
bool starts_with(LayerSpan layers) {
  constexpr std::array<bool (*)(const Layer&), sizeof...(Kinds)> kinds{is<Kinds>...};
  if (layers.size() < kinds.size()) return false;
  return std::equal(kinds.begin(), kinds.end(), layers.begin(),
                    [](auto kind, const Layer* layer) { return kind(*layer); });
}

template <class T>
T& as(Layer* layer) {
  return static_cast<T&>(*layer);
}

template <class Weighted>
Variable then_relu(LayerSpan layers, const Variable& x, const StepContext& context) {
  return as<Weighted>(layers[0]).forward_with(x, {.relu = true, .output = context.output});
}

template <class Weighted>
Variable then_relu_dropout(LayerSpan layers, const Variable& x, const StepContext& context) {
  const LinearOptions then{
      .relu = true, .dropout = as<Dropout>(layers[2]).at(context), .output = context.output};
  return as<Weighted>(layers[0]).forward_with(x, then);
}

template <class Pool>
Variable then_pool(LayerSpan layers, const Variable& x, const StepContext& context) {
  return as<Conv2d>(layers[0]).forward_with(x, {.output = context.output},
                                            as<Pool>(layers[1]).pool());
}

template <class Pool>
Variable then_relu_pool(LayerSpan layers, const Variable& x, const StepContext& context) {
  return as<Conv2d>(layers[0]).forward_with(x, {.relu = true, .output = context.output},
                                            as<Pool>(layers[2]).pool());
}

Variable batch_norm_relu(LayerSpan layers, const Variable& x, const StepContext& context) {
  return as<BatchNorm2d>(layers[0]).forward_with(x, context, {.relu = true});
}

// The convolution takes the moments of what it writes, where they are used.
template <bool kRelu>
Variable conv_batch_norm(LayerSpan layers, const Variable& x, const StepContext& context) {
  auto& norm = as<BatchNorm2d>(layers[1]);
  kernels::PanelMoments filled = norm.moments();
  kernels::PanelMoments* moments = norm.uses_batch(context) ? &filled : nullptr;
  const Variable y =
      as<Conv2d>(layers[0]).forward_with(x, {.output = context.output, .moments = moments});
  return norm.forward_with(y, context, {.relu = kRelu, .moments = moments});
}

Variable alone(LayerSpan layers, const Variable& x, const StepContext& context) {
  return layers[0]->forward(x, context);
}

constexpr std::array<FusedForm, 12> kForms{{
    {"conv2d batch_norm2d relu", 3, starts_with<Conv2d, BatchNorm2d, ReLU>, conv_batch_norm<true>},
    {"conv2d relu dropout", 3, starts_with<Conv2d, ReLU, Dropout>, then_relu_dropout<Conv2d>},
    {"linear relu dropout", 3, starts_with<Linear, ReLU, Dropout>, then_relu_dropout<Linear>},
    {"conv2d relu max_pool2d", 3, starts_with<Conv2d, ReLU, MaxPool2d>, then_relu_pool<MaxPool2d>},
    {"conv2d relu avg_pool2d", 3, starts_with<Conv2d, ReLU, AvgPool2d>, then_relu_pool<AvgPool2d>},
    {"conv2d batch_norm2d", 2, starts_with<Conv2d, BatchNorm2d>, conv_batch_norm<false>},
    {"conv2d relu", 2, starts_with<Conv2d, ReLU>, then_relu<Conv2d>},
    {"conv2d max_pool2d", 2, starts_with<Conv2d, MaxPool2d>, then_pool<MaxPool2d>},
    {"conv2d avg_pool2d", 2, starts_with<Conv2d, AvgPool2d>, then_pool<AvgPool2d>},
    {"linear relu", 2, starts_with<Linear, ReLU>, then_relu<Linear>},
    {"batch_norm2d relu", 2, starts_with<BatchNorm2d, ReLU>, batch_norm_relu},
    {"alone", 1, starts_with<>, alone},
}};

}  // namespace

std::span<const FusedForm> fused_forms() { return kForms; }

const FusedForm& choose_form(LayerSpan layers) {
  return *std::find_if(kForms.begin(), kForms.end(),
                       [&](const FusedForm& form) { return form.matches(layers); });
}

}  // namespace weir
