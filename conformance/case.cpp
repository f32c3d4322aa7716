#include "conformance/case.h"

#include <limits>

#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace weir {
namespace {

using Json = nlohmann::json;

float number_of(const Json& json) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  if (json.is_null()) return std::numeric_limits<float>::quiet_NaN();
  if (!json.is_string()) return static_cast<float>(json.get<double>());
  const auto& word = json.get_ref<const std::string&>();
  if (word == "NaN") return std::numeric_limits<float>::quiet_NaN();
  if (word == "Infinity") return kInfinity;
  if (word == "-Infinity") return -kInfinity;
  fail(ErrorKind::kData, "expected a number, NaN, Infinity or -Infinity, found '{}'", word);
}

template <class T>
void check_size(const std::vector<int>& shape, const std::vector<T>& data) {
  const auto given = static_cast<int64_t>(data.size());
  int64_t expected = 1;
  for (const int size : shape) {
    if (size < 1) fail(ErrorKind::kData, "shape: expected sizes of at least 1, found {}", size);
    if (expected <= given) expected *= size;  // more is wrong already
  }
  if (expected != given) {
    fail(ErrorKind::kData, "data: expected a number for each element of the shape, found {}",
         given);
  }
}

CaseTensor tensor_of(const Json& json) {
  CaseTensor tensor{.shape = json.at("shape").get<std::vector<int>>(), .values = {}};
  for (const Json& value : json.at("data")) tensor.values.push_back(number_of(value));
  check_size(tensor.shape, tensor.values);
  return tensor;
}

std::vector<int64_t> indices_of(const Json& json) {
  auto indices = json.at("data").get<std::vector<int64_t>>();
  check_size(json.at("shape").get<std::vector<int>>(), indices);
  return indices;
}

std::map<std::string, CaseTensor> tensors_of(const Json& json) {
  std::map<std::string, CaseTensor> tensors;
  for (const auto& [name, value] : json.items()) tensors[name] = tensor_of(value);
  return tensors;
}

Tolerance tolerance_of(const Json& json) {
  if (json == "exact") return {};
  const Tolerance tolerance{.roundings = json.at("roundings"),
                            .scale = json.at("scale"),
                            .stored = json.value("stored", 0)};
  if (tolerance.roundings < 1) fail(ErrorKind::kData, "roundings: expected at least 1");
  return tolerance;
}

Expectation expectation_of(const Json& tensor, const Json& compare) {
  Expectation expected{tensor_of(tensor), tolerance_of(compare)};
  const Json& data = tensor.at("data");
  for (size_t i = 0; i < data.size(); ++i) {
    if (data[i].is_null()) expected.undefined.push_back(i);
  }
  return expected;
}

// As a configuration would spell it.
std::string spelled(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

LayerSpec layer_of(const Json& json) {
  LayerSpec layer{.kind = json.at("op")};
  for (const auto& [name, value] : json.at("args").items()) {
    SpecValue& argument = layer.args[name];
    argument.is_list = value.is_array();
    if (!argument.is_list) argument.text = spelled(value);
    for (size_t i = 0; argument.is_list && i < value.size(); ++i) {
      argument.items.push_back(spelled(value[i]));
    }
  }
  return layer;
}

ConformanceCase case_of(const Json& json) {
  const Json none = Json::object();
  const Json& compare = json.at("compare");
  ConformanceCase c{
      .id = json.at("id"),
      .note = json.value("note", ""),
      .source = json.at("source"),
      .layer = layer_of(json),
      .training = json.at("mode") == "train",
      .input = tensor_of(json.at("input")),
      .upstream = tensor_of(json.at("upstream")),
      .parameters = tensors_of(json.value("parameters", none)),
      .random = tensors_of(json.value("random", none)),
      .output = expectation_of(json.at("output"), compare.at("output")),
      .input_gradient = expectation_of(json.at("input_gradient"), compare.at("input_gradient"))};
  if (json.contains("indices")) c.indices = indices_of(json["indices"]);
  if (json.contains("input_indices")) c.input_indices = indices_of(json["input_indices"]);
  const Json gradients = json.value("parameter_gradients", none);
  for (const auto& [name, tensor] : gradients.items()) {
    c.parameter_gradients[name] =
        expectation_of(tensor, compare.at("parameter_gradients").at(name));
  }
  if (c.input.shape.size() != 4 || c.output.tensor.shape.size() != 4 ||
      c.upstream.shape != c.output.tensor.shape || c.input_gradient.tensor.shape != c.input.shape ||
      (!c.indices.empty() && c.indices.size() != c.output.tensor.values.size()) ||
      (!c.input_indices.empty() && c.input_indices.size() != c.input.values.size())) {
    fail(ErrorKind::kData, "{}: the shapes do not go together", c.id);
  }
  return c;
}

}  // namespace

ConformanceCase parse_case(std::string_view line, const std::string& place) {
  try {
    return case_of(Json::parse(line));
  } catch (const Json::exception& error) {
    fail(ErrorKind::kData, "{}: not a conformance case: {}", place, error.what());
  } catch (const Error& error) {
    fail(ErrorKind::kData, "{}: not a conformance case: {}", place, error.what());
  }
}

}  // namespace weir
