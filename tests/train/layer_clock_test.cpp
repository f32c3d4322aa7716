// What the clock counts, worked out by hand; what it measures only has to be there.
#include "train/bench/layer_clock.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/functions/cross_entropy.h"
#include "layers/layers.h"
#include "train/bench/conv_shapes.h"

namespace weir {
namespace {

using ::testing::Gt;
using ::testing::SizeIs;

constexpr FeatureShape kInput{.c = 2, .h = 5, .w = 6};
constexpr int kImages = 3;
constexpr std::array kFirstStep = {size_t{0}};

class LayerClockTest : public ::testing::Test {
 protected:
  LayerClockTest() {
    net_.add("conv", Conv2d(2, 4, {.kernel_size = 3, .stride = {1, 2}}));  // to 4 x 3 x 2
    net_.add("relu", ReLU());
    net_.add("pool", MaxPool2d({.kernel_size = {3, 1}}));  // to 4 x 1 x 2
    net_.add("tanh", Tanh());
    net_.add("flat", Flatten());
    net_.add("fc", Linear(8, 5, {}));
  }
  void run_step(LayerClock& clock, bool images_have_gradient = false) {
    const std::vector<int> labels = {0, 1, 4};
    clock.start_step();
    Tape tape(&clock);
    const Variable x(Tensor::images_zeros(kImages, kInput.c, kInput.h, kInput.w),
                     images_have_gradient);
    const Variable y = net_.forward(x, {.training = true, .observer = &clock});
    tape.backward(cross_entropy(y, labels));
  }
  Sequential net_;
};

TEST_F(LayerClockTest, FusedLayersAreOneRow) {
  LayerClock clock(net_, kInput);
  run_step(clock);
  run_step(clock);
  const std::vector<LayerCost> costs = clock.costs(kFirstStep);
  ASSERT_THAT(costs, SizeIs(4));
  EXPECT_EQ(costs[0].name, "conv");
  EXPECT_EQ(costs[0].kind, "Conv2d + ReLU + MaxPool2d");
  EXPECT_NE(costs[0].kernel, "");
  EXPECT_EQ(costs[1].kind, "Tanh");
  EXPECT_EQ(costs[1].kernel, "");
  EXPECT_EQ(costs[3].name, "fc");
}

// conv: 24 outputs of 2*3*3 = 18 products. fc: 8 * 5.
TEST_F(LayerClockTest, OperationsCountForwardAndBothGradients) {
  LayerClock clock(net_, kInput);
  run_step(clock);
  const std::vector<LayerCost> costs = clock.costs(kFirstStep);
  EXPECT_EQ(costs[0].forward.flop, 2 * 24 * 18 * kImages);
  EXPECT_EQ(costs[0].backward.flop, 2 * 24 * 18 * kImages);  // pictures have no gradient
  EXPECT_EQ(costs[3].forward.flop, 2 * 40 * kImages);
  EXPECT_EQ(costs[3].backward.flop, 2 * 2 * 40 * kImages);
  LayerClock with_gradient(net_, kInput);
  run_step(with_gradient, true);
  EXPECT_EQ(with_gradient.costs(kFirstStep)[0].backward.flop, 2 * 2 * 24 * 18 * kImages);
}

// In floats for a batch of three: the picture 180, pool's output 24, fc's 15 (nobody but the call
// itself sees the map between conv and pool); parameters of conv 4*18 + 4 = 76, of fc 40 + 5 = 45.
TEST_F(LayerClockTest, BytesCountEachTensorOnce) {
  LayerClock clock(net_, kInput);
  run_step(clock);
  const std::vector<LayerCost> costs = clock.costs(kFirstStep);
  EXPECT_EQ(costs[0].forward.bytes, 4 * (180 + 76 + 24));
  EXPECT_EQ(costs[0].backward.bytes, 4 * (24 + 180 + 2 * 76));
  EXPECT_EQ(costs[1].forward.bytes, 4 * (24 + 24));
  EXPECT_EQ(costs[1].backward.bytes, 4 * (24 + 24));
  EXPECT_EQ(costs[2].forward.bytes, 0);  // Flatten moves nothing
  EXPECT_EQ(costs[2].backward.bytes, 0);
  EXPECT_EQ(costs[3].backward.bytes, 4 * (15 + 24 + 24 + 2 * 45));
}

// Nothing goes back through what is frozen at the bottom; a frozen layer above something trained
// gives the gradient of its input alone.
TEST_F(LayerClockTest, FrozenLayersHaveLessToDo) {
  set_frozen(net_, {"conv"});
  LayerClock bottom(net_, kInput);
  run_step(bottom);
  const std::vector<LayerCost> head_only = bottom.costs(kFirstStep);
  EXPECT_EQ(head_only[0].backward.flop, 0);
  EXPECT_EQ(head_only[0].backward.bytes, 0);
  EXPECT_EQ(head_only[1].backward.bytes, 0);
  EXPECT_EQ(head_only[3].backward.flop, 2 * 40 * kImages);
  set_frozen(net_, {"fc"});
  LayerClock top(net_, kInput);
  run_step(top);
  const std::vector<LayerCost> frozen_head = top.costs(kFirstStep);
  EXPECT_EQ(frozen_head[0].backward.flop, 2 * 24 * 18 * kImages);
  EXPECT_EQ(frozen_head[3].backward.flop, 2 * 40 * kImages);
  EXPECT_EQ(frozen_head[3].backward.bytes, 4 * (15 + 24 + 45));
}

TEST_F(LayerClockTest, ChosenStepsAreAveraged) {
  LayerClock clock(net_, kInput);
  for (int i = 0; i < 3; ++i) run_step(clock);
  const auto conv_s = [&](std::vector<size_t> steps) {
    return clock.costs(steps)[0].backward.seconds;
  };
  EXPECT_THAT(conv_s({0}), Gt(0.0));
  EXPECT_DOUBLE_EQ(conv_s({2, 0}), (conv_s({0}) + conv_s({2})) / 2);
}

TEST(ConvShapes, ConvolutionsAndLinearLayersHaveOne) {
  Conv2d conv(4, 6, {.kernel_size = {3, 5}, .stride = 2, .padding = 1, .groups = 2});
  const auto shape = conv_shape_of(conv, {.c = 4, .h = 9, .w = 8});
  ASSERT_TRUE(shape);
  EXPECT_EQ(shape->groups, 2);
  EXPECT_EQ(shape->weights(), 6 * 2 * 15);
  EXPECT_EQ(shape->window.x, (Axis{.in = 8, .kernel = 5, .stride = 2, .pad = 1}));
  Linear linear(24, 7, {});
  const auto whole = conv_shape_of(linear, {.c = 2, .h = 3, .w = 4, .flat = true});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->window.taps(), 12);
  EXPECT_EQ(whole->window.y.out(), 1);
  ReLU relu;
  EXPECT_FALSE(conv_shape_of(relu, {.c = 4, .h = 9, .w = 8}));
}

}  // namespace
}  // namespace weir
