// Every operator against PyTorch: forward and backward of the cases in layers.safetensors, which
// make_layers.py made in double precision.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/functions/activation.h"
#include "core/functions/batch_norm.h"
#include "core/functions/conv2d.h"
#include "core/functions/cross_entropy.h"
#include "core/functions/pool2d.h"
#include "core/io/safetensors.h"
#include "core/tensor/layout.h"
#include "tests/support/gradcheck.h"

namespace weir {
namespace {

using Json = nlohmann::json;
using Size2 = std::array<int, 2>;

const SafeTensors& golden() {
  static const SafeTensors content =
      read_safetensors(std::string(WEIR_SOURCE_DIR) + "/tests/golden/layers.safetensors");
  return content;
}

// One case: its options, its tensors, and what the operator made of them.
struct Case {
  Json options;
  std::string name;
  std::map<std::string, Variable> inputs;
  Tensor running_mean, running_var;

  const Tensor* stored(const std::string& key) const { return golden().find(name + "/" + key); }
  Variable input(const std::string& key) {
    const Tensor* tensor = stored(key);
    if (!tensor) return {};
    const Shape& s = tensor->shape();
    const bool images = key == "x";
    const auto size = [&](int axis) { return static_cast<int>(s[axis]); };
    Variable variable(images ? images_from_nchw(tensor->data(), size(0), size(1), size(2), size(3))
                             : tensor->clone(),
                      true);
    inputs[key] = variable;
    return variable;
  }
  template <class T>
  T option(const char* key) const {
    return options.at(key).get<T>();
  }
};

Variable run_conv2d(Case& c) {
  return conv2d(c.input("x"), c.input("weight"), c.input("bias"),
                {.stride = c.option<Size2>("stride"),
                 .padding = c.option<Size2>("padding"),
                 .dilation = c.option<Size2>("dilation"),
                 .groups = c.option<int>("groups")});
}

Variable run_linear(Case& c) { return linear(c.input("x"), c.input("weight"), c.input("bias")); }

Variable run_batch_norm(Case& c) {
  c.running_mean = c.stored("running_mean_before")->clone();
  c.running_var = c.stored("running_var_before")->clone();
  return batch_norm(c.input("x"), c.input("weight"), c.input("bias"), c.running_mean, c.running_var,
                    {.training = c.option<bool>("training"),
                     .momentum = c.option<float>("momentum"),
                     .eps = c.option<float>("eps")});
}

Variable run_max_pool2d(Case& c) {
  return max_pool2d(c.input("x"), {.kernel_size = c.option<Size2>("kernel_size"),
                                   .stride = c.option<Size2>("stride"),
                                   .padding = c.option<Size2>("padding"),
                                   .dilation = c.option<Size2>("dilation"),
                                   .ceil_mode = c.option<bool>("ceil_mode")});
}

Variable run_avg_pool2d(Case& c) {
  AvgPool2dOptions options{.kernel_size = c.option<Size2>("kernel_size"),
                           .stride = c.option<Size2>("stride"),
                           .padding = c.option<Size2>("padding"),
                           .ceil_mode = c.option<bool>("ceil_mode"),
                           .count_include_pad = c.option<bool>("count_include_pad")};
  const Json& divisor = c.options.at("divisor_override");
  if (!divisor.is_null()) options.divisor_override = divisor.get<int>();
  return avg_pool2d(c.input("x"), options);
}

Variable run_cross_entropy(Case& c) {
  return cross_entropy(c.input("x"), c.option<std::vector<int>>("labels"),
                       {.label_smoothing = c.option<float>("label_smoothing")});
}

const std::map<std::string, std::function<Variable(Case&)>> kOperators = {
    {"conv2d", run_conv2d},
    {"linear", run_linear},
    {"batch_norm", run_batch_norm},
    {"max_pool2d", run_max_pool2d},
    {"avg_pool2d", run_avg_pool2d},
    {"cross_entropy", run_cross_entropy},
    {"relu", [](Case& c) { return relu(c.input("x")); }},
    {"leaky_relu",
     [](Case& c) { return leaky_relu(c.input("x"), c.option<float>("negative_slope")); }},
    {"gelu", [](Case& c) { return gelu(c.input("x")); }},
    {"silu", [](Case& c) { return silu(c.input("x")); }},
    {"tanh", [](Case& c) { return weir::tanh(c.input("x")); }},
    {"adaptive_avg_pool2d",
     [](Case& c) { return adaptive_avg_pool2d(c.input("x"), c.option<Size2>("output_size")); }},
};

std::vector<float> row_major(const Tensor& tensor) {
  if (tensor.is_images()) return nchw_from_images(tensor);
  return {tensor.data(), tensor.data() + tensor.numel()};
}

// Every element is a sum of at most a few hundred products of numbers of size about 1; float rounds
// each step by 6e-8 of the running sum. Errors add up like sqrt(terms) to a part of 2e-6 of the
// largest value; batch norm's backward subtracts means and loses one more digit.
void expect_equal(const Tensor& found, const Tensor& expected, const std::string& what) {
  const std::vector<float> values = row_major(found);
  ASSERT_EQ(values.size(), static_cast<size_t>(expected.numel())) << what;
  double largest = 1;
  for (int64_t i = 0; i < expected.numel(); ++i) {
    largest = std::max(largest, std::abs(double{expected.data()[i]}));
  }
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_NEAR(values[i], expected.data()[i], 1e-5 * largest) << what << " at " << i;
  }
}

void check(Case& c) {
  Tape tape;
  const Variable y = kOperators.at(c.options.at("op"))(c);
  expect_equal(y.value(), *c.stored("y"), c.name + "/y");
  const Tensor& dy = *c.stored("dy");
  const Tensor upstream =
      y.value().is_images()
          ? images_from_nchw(dy.data(), y.value().n(), y.value().c(), y.value().h(), y.value().w())
          : dy;
  tape.backward(testing::weighted_sum(y, upstream));
  for (const auto& [key, variable] : c.inputs) {
    ASSERT_TRUE(variable.grad().defined()) << c.name << "/d" << key;
    expect_equal(variable.grad(), *c.stored("d" + key), c.name + "/d" + key);
  }
  if (c.running_mean.defined()) {
    expect_equal(c.running_mean, *c.stored("running_mean"), c.name + "/running_mean");
    expect_equal(c.running_var, *c.stored("running_var"), c.name + "/running_var");
  }
}

TEST(GoldenLayers, EqualPyTorch) {
  const Json cases = Json::parse(golden().metadata.at("cases"));
  std::map<std::string, int> seen;
  for (const Json& options : cases) {
    Case c{.options = options, .name = options.at("name")};
    SCOPED_TRACE(c.name);
    ++seen[options.at("op")];
    check(c);
  }
  for (const auto& [op, run] : kOperators) EXPECT_GE(seen[op], 2) << op;
}

}  // namespace
}  // namespace weir
