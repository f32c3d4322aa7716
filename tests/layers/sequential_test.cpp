#include "layers/sequential.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/functions/dropout.h"
#include "core/tensor/layout.h"
#include "layers/layers.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

using ::testing::ElementsAre;

Sequential small_net() {
  Sequential net{Conv2d{3, 4, {.kernel_size = 3, .padding = 1}}, BatchNorm2d{4}, ReLU{}};
  net.add("head", Sequential{Flatten{}, Linear{4 * 5 * 6, 2}});
  return net;
}

std::vector<std::string> names_of(const std::vector<NamedParameter>& list) {
  std::vector<std::string> names;
  for (const NamedParameter& parameter : list) names.push_back(parameter.name);
  return names;
}

TEST(Sequential, ParametersCarryPaths) {
  Sequential net = small_net();
  EXPECT_THAT(names_of(net.parameters()), ElementsAre("0.weight", "0.bias", "1.weight", "1.bias",
                                                      "head.1.weight", "head.1.bias"));
  std::vector<std::string> buffers;
  for (const NamedBuffer& buffer : net.buffers()) buffers.push_back(buffer.name);
  EXPECT_THAT(buffers, ElementsAre("1.running_mean", "1.running_var", "1.num_batches_tracked"));
}

TEST(Sequential, WeightsOfMatricesAloneAreMarkedForDecay) {
  Sequential net = small_net();
  std::vector<std::string> decayed;
  for (const NamedParameter& parameter : net.parameters()) {
    if (parameter.decay) decayed.push_back(parameter.name);
  }
  EXPECT_THAT(decayed, ElementsAre("0.weight", "head.1.weight"));
}

TEST(Sequential, ParametersAreSharedWithTheLayers) {
  Sequential net = small_net();
  net.parameters()[5].variable.value().data()[1] = 7.f;
  const Variable y = net.forward(Variable(testing::random_images(2, 3, 5, 6, 1)), {});
  EXPECT_EQ(nchw_from_images(y.value()), (std::vector<float>{0, 7, 0, 7}))
      << "all weights are zero, so only the bias is left";
}

TEST(Sequential, NamesAreUniqueWords) {
  Sequential net{ReLU{}};
  EXPECT_THROW(net.add("0", ReLU{}), Error);
  EXPECT_THROW(net.add("", ReLU{}), Error);
  EXPECT_THROW(net.add("a.b", ReLU{}), Error);
  net.add("act", ReLU{}).add(std::make_unique<ReLU>());
  std::vector<std::string> paths;
  for (const Sequential::Leaf& leaf : net.leaves()) paths.push_back(leaf.path);
  EXPECT_THAT(paths, ElementsAre("0", "act", "2"));
}

TEST(Sequential, ForwardRunsTheLayersInOrder) {
  Sequential net = small_net();
  initialize(net, {.seed = 4});
  Variable x(testing::random_images(3, 3, 5, 6, 2));
  const Tensor whole = net.forward(x, {}).value();
  for (const Sequential::Leaf& leaf : net.leaves()) x = leaf.layer->forward(x, {});
  EXPECT_EQ(nchw_from_images(whole), nchw_from_images(x.value()));
}

TEST(Sequential, MacsAreTheSumOfTheLayers) {
  const Sequential net = small_net();
  EXPECT_EQ(net.macs({3, 5, 6}), 4 * 5 * 6 * 3 * 9 + 4 * 5 * 6 * 2);
}

TEST(Sequential, MovesKeepTheParameters) {
  Sequential first = small_net();
  const float* memory = first.parameters()[0].variable.value().data();
  Sequential second = std::move(first);
  EXPECT_EQ(second.parameters()[0].variable.value().data(), memory);
}

Tensor ones(int n, int c, int h, int w) {
  return images_from_nchw(std::vector<float>(static_cast<size_t>(n * c * h * w), 1.f).data(), n, c,
                          h, w);
}

// Each dropout of a network draws from its own stream, however deep it sits: the n-th in order of
// execution uses stream n.
TEST(DropoutLayer, EveryOneHasItsOwnStream) {
  Sequential net{Dropout{0.5f}, ReLU{}};
  net.add("block", Sequential{Dropout{0.5f}, Dropout{0.5f}});
  net.add(std::make_unique<Dropout>(0.5f));
  const Variable x(ones(2, 3, 4, 5));
  const StepContext context{.training = true, .seed = 11, .step = 6};
  uint32_t stream = 0;
  std::vector<std::vector<float>> masks;
  for (const Sequential::Leaf& leaf : net.leaves()) {
    if (leaf.layer->kind() != "Dropout") continue;
    const auto mask = nchw_from_images(leaf.layer->forward(x, context).value());
    const Variable expected = dropout(x, {.p = 0.5f, .seed = 11, .step = 6, .layer = stream++});
    EXPECT_EQ(mask, nchw_from_images(expected.value())) << leaf.path;
    masks.push_back(mask);
  }
  ASSERT_EQ(masks.size(), 4u);
  for (size_t i = 1; i < masks.size(); ++i) EXPECT_NE(masks[0], masks[i]);
}

TEST(DropoutLayer, ActsInTrainingOnly) {
  Dropout layer(0.5f);
  const Variable x(ones(2, 3, 4, 5));
  EXPECT_EQ(nchw_from_images(layer.forward(x, {.training = false, .seed = 1}).value()),
            nchw_from_images(x.value()));
  EXPECT_NE(nchw_from_images(layer.forward(x, {.training = true, .seed = 1}).value()),
            nchw_from_images(x.value()));
}

TEST(BatchNormLayer, CountsBatchesInTrainingOnly) {
  Sequential net{BatchNorm2d{3}};
  const Variable x(testing::random_images(4, 3, 5, 6, 3));
  net.forward(x, {.training = true});
  net.forward(x, {.training = true});
  const Tensor mean = net.buffers()[0].tensor->clone();
  net.forward(x, {.training = false});
  EXPECT_EQ(*net.buffers()[2].tensor->data<int32_t>(), 2);
  for (int c = 0; c < 3; ++c) {
    EXPECT_NE(mean.data()[c], 0.f);
    EXPECT_EQ(net.buffers()[0].tensor->data()[c], mean.data()[c]);
  }
}

}  // namespace
}  // namespace weir
