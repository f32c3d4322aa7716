#include "layers/lsuv.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/error.h"
#include "core/tensor/layout.h"

namespace weir {
namespace {

// The matrix of weights that the initialiser chose, or an undefined variable.
Variable scalable_weight(Layer& layer) {
  for (const NamedParameter& parameter : layer.parameters()) {
    const bool is_matrix = parameter.variable.value().shape().rank() > 1;
    if (parameter.name == "weight" && is_matrix && !parameter.start) return parameter.variable;
  }
  return Variable();
}

void multiply(Tensor& weight, double factor) {
  std::transform(weight.data(), weight.data() + weight.numel(), weight.data(),
                 [factor](float value) { return static_cast<float>(value * factor); });
}

// Returns the layer's output after scaling.
Variable scale_layer(const Sequential::Leaf& leaf, const Variable& x, const LsuvOptions& options) {
  Variable weight = scalable_weight(*leaf.layer);
  Variable y = leaf.layer->forward(x, {});
  if (!weight.defined()) return y;
  for (int attempt = 0; attempt < options.max_tries; ++attempt) {
    const double variance = variance_of(y.value());
    if (!std::isfinite(variance) || variance <= 0) {
      fail(ErrorKind::kTraining,
           "lsuv: the output of {} has variance {} on the batch, so its weight cannot be scaled; "
           "check the images and the layers before it, or choose another initialiser",
           leaf.path, variance);
    }
    if (std::abs(variance - 1.0) < options.tolerance) break;
    multiply(weight.value(), 1.0 / std::sqrt(variance));
    y = leaf.layer->forward(x, {});
  }
  return y;
}

}  // namespace

double variance_of(const Tensor& images) {
  const std::vector<float> values = nchw_from_images(images);
  const double count = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const float value : values) sum += value;
  const double mean = sum / count;
  for (const float value : values) squares += (value - mean) * (value - mean);
  return squares / count;
}

void scale_to_unit_variance(Sequential& net, const Tensor& batch, const LsuvOptions& options) {
  Variable x(batch);
  for (const Sequential::Leaf& leaf : net.leaves()) x = scale_layer(leaf, x, options);
}

}  // namespace weir
