#include "layers/freeze.h"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/functions/cross_entropy.h"
#include "layers/layers.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using testing::expect_same_bytes;
using ::testing::HasSubstr;

// Counts the operations that backward will run.
struct Nodes : TapeObserver {
  void on_record() override { ++recorded; }
  void before_backward(size_t) override { ++ran; }
  int recorded = 0, ran = 0;
};

Sequential make_net() {
  Sequential net;
  net.add("features",
          Sequential{Conv2d{3, 5, {.kernel_size = 3, .padding = 1}}, BatchNorm2d{5}, ReLU{},
                     MaxPool2d{{.kernel_size = 2}}, Conv2d{5, 7, {.kernel_size = 3, .padding = 1}},
                     BatchNorm2d{7}, ReLU{}});
  net.add("classifier", Sequential{AdaptiveAvgPool2d{1}, Flatten{}, Linear{7, 4}});
  initialize(net, {.seed = 3});
  return net;
}

// One pass forward and back; leaves the gradients.
Nodes one_pass(Sequential& net) {
  Nodes nodes;
  Tape tape(&nodes);
  const Variable x(testing::random_images(6, 3, 8, 6, 1));
  const std::vector<int> labels = {0, 1, 2, 3, 0, 1};
  tape.backward(cross_entropy(net.forward(x, {.training = true}), labels));
  return nodes;
}

std::map<std::string, Tensor> gradients(Sequential& net) {
  std::map<std::string, Tensor> all;
  for (const NamedParameter& parameter : net.parameters()) {
    if (parameter.variable.grad().defined()) all[parameter.name] = parameter.variable.grad();
  }
  return all;
}

TEST(Freeze, FrozenParametersGetNoGradientAndTheOthersTheSame) {
  Sequential all = make_net(), part = make_net();
  one_pass(all);
  set_frozen(part, {"features.0", "features.5.weight"}, {.norm_keeps_statistics = false});
  one_pass(part);
  const std::map<std::string, Tensor> expected = gradients(all), found = gradients(part);
  EXPECT_EQ(expected.size(), 10u);
  EXPECT_EQ(found.size(), 7u);
  for (const char* frozen : {"features.0.weight", "features.0.bias", "features.5.weight"}) {
    EXPECT_FALSE(found.contains(frozen)) << frozen;
  }
  for (const auto& [name, gradient] : found) {
    SCOPED_TRACE(name);
    expect_same_bytes(gradient, expected.at(name));
  }
}

// With the whole backbone frozen only the head and the loss are on the tape: global pooling is
// below the lowest trained parameter, too.
TEST(Freeze, NothingIsComputedBelowTheLowestTrainedParameter) {
  Sequential net = make_net();
  const Nodes whole = one_pass(net);
  set_frozen(net, {"backbone"});
  const Nodes head = one_pass(net);
  EXPECT_EQ(head.recorded, 2) << "the linear layer and the loss";
  EXPECT_EQ(head.ran, 2);
  EXPECT_GT(whole.recorded, 5);
}

TEST(Freeze, WhatIsAboveAFrozenLayerPassesTheGradientOn) {
  Sequential all = make_net(), part = make_net();
  one_pass(all);
  set_frozen(part, {"head", "features.[1-6]"}, {.norm_keeps_statistics = false});
  one_pass(part);
  EXPECT_EQ(gradients(part).size(), 2u);
  expect_same_bytes(gradients(part).at("features.0.weight"),
                    gradients(all).at("features.0.weight"));
}

TEST(Freeze, OldGradientsGo) {
  Sequential net = make_net();
  one_pass(net);
  set_frozen(net, {"features"});
  EXPECT_EQ(gradients(net).size(), 2u);
}

// Also where convolution, batch norm and ReLU are one call: the fused forms of make_net().
TEST(Freeze, FrozenBatchNormIsInEvaluationMode) {
  Sequential net = make_net();
  one_pass(net);  // statistics that are not those of the beginning
  const Variable x(testing::random_images(6, 3, 8, 6, 2));
  const std::map<std::string, Tensor> before = [&] {
    std::map<std::string, Tensor> copies;
    for (const auto& [name, tensor] : state_of(net)) copies[name] = tensor.clone();
    return copies;
  }();
  const Tensor evaluated = net.forward(x, {}).value();
  set_frozen(net, {"backbone"});
  expect_same_bytes(net.forward(x, {.training = true}).value(), evaluated);
  for (const auto& [name, tensor] : state_of(net)) {
    SCOPED_TRACE(name);
    expect_same_bytes(tensor, before.at(name));
  }
}

TEST(Freeze, BatchNormGoesOnWhenAskedToOrWhenPartOfItIsTrained) {
  const auto counts = [](Sequential& net) {
    std::vector<int> list;
    for (const NamedBuffer& buffer : net.buffers()) {
      if (buffer.name.ends_with("tracked")) list.push_back(*buffer.tensor->data<int32_t>());
    }
    return list;
  };
  Sequential net = make_net();
  set_frozen(net, {"backbone"}, {.norm_keeps_statistics = false});
  one_pass(net);
  EXPECT_EQ(counts(net), (std::vector{1, 1}));
  set_frozen(net, {"features.1", "features.5.bias"});
  one_pass(net);
  EXPECT_EQ(counts(net), (std::vector{1, 2})) << "the scale of features.5 is trained";
  set_frozen(net, {});
  one_pass(net);
  EXPECT_EQ(counts(net), (std::vector{2, 3})) << "thawed";
}

TEST(Freeze, ThawedIsAsIfNothingHadBeen) {
  Sequential net = make_net(), other = make_net();
  set_frozen(net, {"features", "head"});
  EXPECT_FALSE(is_trainable(net));
  set_frozen(net, {});
  EXPECT_TRUE(is_trainable(net));
  one_pass(net);
  one_pass(other);
  for (const auto& [name, gradient] : gradients(other)) {
    SCOPED_TRACE(name);
    expect_same_bytes(gradients(net).at(name), gradient);
  }
}

TEST(Freeze, RefusesAPatternThatFitsNothing) {
  Sequential net = make_net();
  EXPECT_THAT(testing::message_of([&] {
                set_frozen(net, {"backbone", "feature.*"});
              }),
              HasSubstr("freeze: 'feature.*' fits no parameter; did you mean 'features'?"));
  EXPECT_TRUE(is_trainable(net)) << "nothing was changed";
}

}  // namespace
}  // namespace weir
