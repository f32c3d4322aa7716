// Layers that pick or move elements by index: shapes against what forward() gives, options, and the
// pairs that undo each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "layers/layers.h"
#include "tests/support/fill.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
using testing::message_of;
using testing::random_images;

constexpr int kC = 12, kH = 6, kW = 8;

FeatureShape forward_shape(Layer& layer) {
  const Tensor y = layer.forward(Variable(random_images(3, kC, kH, kW, 1)), {}).value();
  return {.c = y.c(), .h = y.h(), .w = y.w()};
}

TEST(RearrangeLayers, ShapesAreThoseOfForward) {
  const auto expect = [](auto layer, FeatureShape expected) {
    SCOPED_TRACE(layer.kind());
    FeatureShape said = layer.output_shape({kC, kH, kW});
    EXPECT_EQ(said.flat, layer.kind() == "SpatialPyramidPool2d");
    said.flat = false;
    EXPECT_EQ(said, expected);
    EXPECT_EQ(forward_shape(layer), expected);
  };
  expect(AdaptiveMaxPool2d({3, 2}), {kC, 3, 2});
  expect(ReflectionPad2d({.left = 1, .right = 2, .top = 3, .bottom = 0}), {kC, 9, 11});
  expect(PixelUnshuffle(2), {48, 3, 4});
  expect(PixelShuffle(2), {3, 12, 16});
  expect(SpatialPyramidPool2d({1, 2, 4}), {kC * 21, 1, 1});
  expect(FractionalMaxPool2d({.output_ratio = {{0.7, 0.7}}}), {kC, 4, 5});
  expect(FractionalMaxPool2d({.output_size = Pair(4, 5),
                              .regions = FractionalRegions::kOverlapping,
                              .sequence = FractionalSequence::kRandom}),
         {kC, 4, 5});
  expect(
      ConvTranspose2d(kC, 5, {.kernel_size = {3, 2}, .stride = {2, 3}, .output_padding = {1, 0}}),
      {5, 14, 23});
}

TEST(RearrangeLayers, OptionsAsPyTorchPrintsThem) {
  EXPECT_EQ(AdaptiveMaxPool2d({3, 2}).options(), "output_size=(3, 2)");
  EXPECT_EQ(ReflectionPad2d({.left = 1, .right = 2, .top = 3}).options(), "(1, 2, 3, 0)");
  EXPECT_EQ(PixelUnshuffle(2).options(), "downscale_factor=2");
  EXPECT_EQ(PixelShuffle(3).options(), "upscale_factor=3");
  EXPECT_EQ(ConvTranspose2d(6, 3,
                            {.kernel_size = {3, 2},
                             .stride = 2,
                             .padding = {1, 0},
                             .output_padding = {1, 1},
                             .dilation = 3,
                             .bias = false})
                .options(),
            "6, 3, kernel_size=(3, 2), stride=(2, 2), padding=(1, 0), dilation=(3, 3), "
            "output_padding=(1, 1), bias=False");
}

// 12 channels of 6x8 meet 5 * 3 * 2 weights each.
TEST(RearrangeLayers, TransposedConvolutionCountsItsInputs) {
  ConvTranspose2d layer(kC, 5, {.kernel_size = {3, 2}, .stride = {2, 1}});
  EXPECT_EQ(layer.macs({kC, kH, kW}), kC * kH * kW * 5 * 3 * 2);
  EXPECT_EQ(layer.window({kC, kH, kW}).y.kernel, 2);
  EXPECT_EQ(layer.window({kC, kH, kW}).x.kernel, 2);
  ASSERT_EQ(layer.parameters().size(), 2u);
  EXPECT_EQ(layer.parameters()[0].variable.value().shape(), (Shape{kC, 5, 3, 2}));
}

TEST(RearrangeLayers, FractionalWindowsFollowStepAndStream) {
  FractionalMaxPool2d pool({.output_size = Pair(4, 5)});
  EXPECT_EQ(pool.number_streams(3), 4u);
  const Variable x(random_images(3, kC, kH, kW, 1));
  const auto pooled = [&](const StepContext& context) {
    return nchw_from_images(pool.forward(x, context).value());
  };
  const StepContext first{.training = true, .seed = 1, .step = 1};
  EXPECT_EQ(pooled(first), pooled(first));
  EXPECT_NE(pooled(first), pooled({.training = true, .seed = 1, .step = 2}));
  EXPECT_EQ(pooled({}), pooled({})) << "evaluation has the same windows each time";
  const std::vector<float> before = pooled(first);
  pool.number_streams(4);
  EXPECT_NE(before, pooled(first));
}

struct PoolAndBack {
  explicit PoolAndBack(const MaxPool2d::Options& options, const FeatureShape& in)
      : pool(MaxPool2d(options)), back("pool") {
    back.undo(pool, in);
  }
  MaxPool2dWithIndices pool;
  MaxUnpool2d back;
};

// Overhanging, overlapping and dilated windows: the size comes back every time.
TEST(RearrangeLayers, UnpoolingGivesBackTheSizeOfItsPooling) {
  for (const MaxPool2d::Options& options :
       {MaxPool2d::Options{.kernel_size = {2, 3}, .ceil_mode = true},
        MaxPool2d::Options{.kernel_size = 3, .stride = 2, .padding = 1},
        MaxPool2d::Options{.kernel_size = {1, 2}, .stride = {4, 3}},
        MaxPool2d::Options{.kernel_size = {2, 3}, .padding = {0, 2}, .dilation = {4, 2}}}) {
    PoolAndBack pair(options, {kC, kH, kW});
    const FeatureShape small = pair.pool.output_shape({kC, kH, kW});
    EXPECT_EQ(pair.back.output_shape(small), (FeatureShape{kC, kH, kW}));
    const Variable y = pair.pool.forward(Variable(random_images(3, kC, kH, kW, 1)), {});
    EXPECT_EQ(pair.back.forward(y, {}).value().shape(), (Shape{3, kC, kH, kW}));
  }
}

TEST(RearrangeLayers, UnpoolingTakesTheIndicesOfThisPass) {
  PoolAndBack pair({.kernel_size = 2}, {kC, kH, kW});
  EXPECT_EQ(pair.back.options(), "kernel_size=(2, 2), stride=(2, 2), padding=(0, 0)");
  const Variable y = pair.pool.forward(Variable(random_images(3, kC, kH, kW, 1)), {});
  pair.back.forward(y, {});
  EXPECT_THAT(message_of([&] { pair.back.forward(y, {}); }),
              HasSubstr("expected that max_pool2d to run before this in the same forward pass"));
  EXPECT_THAT(message_of([&] {
                pair.back.output_shape({kC, 3, 3});
              }),
              HasSubstr("expected (12, 3, 4), the output of max_pool2d 'pool', got (12, 3, 3)"));
  EXPECT_THAT(message_of([] { MaxUnpool2d("pool").options(); }), HasSubstr("'pool'"));
}

TEST(RearrangeLayers, WrongValuesAreRefused) {
  EXPECT_THAT(message_of([] { AdaptiveMaxPool2d({1, 0}); }), HasSubstr("output_size"));
  EXPECT_THAT(message_of([] { ReflectionPad2d({.left = -1}); }), HasSubstr("(-1, 0, 0, 0)"));
  EXPECT_THAT(message_of([] {
                ReflectionPad2d({.left = 8}).output_shape({1, 9, 8});
              }),
              HasSubstr("(8, 0, 0, 0) on (1, 9, 8)"));
  EXPECT_THAT(message_of([] { PixelUnshuffle(0); }), HasSubstr("got 0"));
  EXPECT_THAT(message_of([] {
                PixelUnshuffle(3).output_shape({1, 9, 8});
              }),
              HasSubstr("downscale_factor 3 must divide height and width, got (1, 9, 8)"));
  EXPECT_THAT(message_of([] { PixelShuffle(0); }), HasSubstr("got 0"));
  EXPECT_THAT(message_of([] {
                PixelShuffle(2).output_shape({6, 9, 8});
              }),
              HasSubstr("must divide the channels, got (6, 9, 8)"));
  EXPECT_THAT(message_of([] { SpatialPyramidPool2d({}); }), HasSubstr("got []"));
  EXPECT_THAT(message_of([] { SpatialPyramidPool2d({1, 0}); }), HasSubstr("got [1, 0]"));
  EXPECT_THAT(message_of([] { SpatialPyramidPool2d({2000}); }), HasSubstr("1 to 1024"));
  EXPECT_THAT(message_of([] { FractionalMaxPool2d({}); }), HasSubstr("neither"));
  EXPECT_THAT(message_of([] {
                FractionalMaxPool2d(
                    {.kernel_size = 2, .output_size = 4, .regions = FractionalRegions::kDisjoint});
              }),
              HasSubstr("kernel_size 2 goes with regions: fixed alone"));
  EXPECT_THAT(message_of([] {
                FractionalMaxPool2d({.output_size = 4, .sequence = FractionalSequence::kRandom});
              }),
              HasSubstr("sequence: random goes with regions: disjoint or overlapping"));
  EXPECT_THAT(message_of([] { ConvTranspose2d(1, 1, {.stride = 2, .output_padding = 2}); }),
              HasSubstr("output_padding must be at least 0 and below the stride 2, got 2"));
  EXPECT_THAT(message_of([] {
                ConvTranspose2d(3, 1, {.kernel_size = 2}).output_shape({2, 4, 4});
              }),
              HasSubstr("expected 3 input channels, got (2, 4, 4)"));
}

}  // namespace
}  // namespace weir
