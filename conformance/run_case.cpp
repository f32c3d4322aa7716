#include "conformance/run_case.h"

#include <algorithm>
#include <utility>

#include "conformance/operators.h"
#include "core/autograd/variable.h"
#include "core/base/error.h"
#include "core/base/names.h"
#include "core/kernels/cast.h"
#include "core/tensor/layout.h"
#include "layers/layer.h"
#include "models/layer_kinds.h"

namespace weir {
namespace {

FeatureShape features_of(const ConformanceCase& c) {
  return {.c = c.input.shape[1], .h = c.input.shape[2], .w = c.input.shape[3]};
}

void set_parameters(Layer& layer, const ConformanceCase& c) {
  std::vector<std::string> names;
  for (NamedParameter& parameter : layer.parameters()) {
    names.push_back(parameter.name);
    const auto given = c.parameters.find(parameter.name);
    require(given != c.parameters.end(), "the case has no value for the parameter '{}'",
            parameter.name);
    Tensor& value = parameter.variable.value();
    require(value.numel() == static_cast<int64_t>(given->second.values.size()),
            "the parameter '{}' has {} elements, in the case {}", parameter.name, value.numel(),
            given->second.values.size());
    std::copy(given->second.values.begin(), given->second.values.end(), value.data());
  }
  require(names.size() == c.parameters.size(), "the case has {} parameters, the layer has {}: {}",
          c.parameters.size(), names.size(), join(names));
}

Tensor images_of(const CaseTensor& tensor, DType storage) {
  const std::vector<int>& s = tensor.shape;
  Tensor floats = images_from_nchw(tensor.values.data(), s[0], s[1], s[2], s[3]);
  if (storage == DType::kF32) return floats;
  Tensor stored = Tensor::like(floats, storage);
  kernels::cast(floats, stored);
  return stored;
}

CaseTensor case_tensor(const Tensor& tensor) {
  CaseTensor out;
  for (int axis = 0; axis < tensor.shape().rank(); ++axis) {
    out.shape.push_back(static_cast<int>(tensor.shape()[axis]));
  }
  out.values = tensor.is_images()
                   ? nchw_from_images(tensor)
                   : std::vector<float>(tensor.data(), tensor.data() + tensor.numel());
  return out;
}

// Walks back from y with `upstream` as its gradient.
void backward(Tape& tape, const Variable& y, const CaseTensor& upstream) {
  const Variable root(Tensor::full({1}, 0.f), true);
  tape.record("upstream", root,
              [&](const Tensor&) { y.accumulate_grad(images_of(upstream, y.value().dtype())); });
  tape.backward(root);
}

CaseResult run_layer(const ConformanceCase& c, DType storage) {
  const LayerPtr layer = make_layer(c.layer, features_of(c));
  set_parameters(*layer, c);
  Tape tape;
  const Variable x(images_of(c.input, storage), true);
  const Variable y = layer->forward(x, {.training = c.training});
  CaseResult result{.output = case_tensor(y.value()), .window = layer->window(features_of(c))};
  if (result.output.shape != c.output.tensor.shape) return result;
  backward(tape, y, c.upstream);
  result.input_gradient = case_tensor(x.grad());
  for (NamedParameter& parameter : layer->parameters()) {
    result.parameter_gradients[parameter.name] = case_tensor(parameter.variable.grad());
  }
  if (!c.indices.empty()) {
    result.indices = row_major_indices(run_operator(c, Variable(x.value())).indices);
  }
  return result;
}

CaseResult run_function(const ConformanceCase& c, DType storage) {
  Tape tape;
  const Variable x(images_of(c.input, storage), true);
  const OperatorOutput output = run_operator(c, x);
  CaseResult result{.output = case_tensor(output.y.value())};
  if (result.output.shape != c.output.tensor.shape) return result;
  backward(tape, output.y, c.upstream);
  result.input_gradient = case_tensor(x.grad());
  if (!c.indices.empty()) result.indices = row_major_indices(output.indices);
  return result;
}

}  // namespace

CaseResult run_case(const ConformanceCase& c, DType storage) {
  return takes_more_than_x(c) ? run_function(c, storage) : run_layer(c, storage);
}

}  // namespace weir
