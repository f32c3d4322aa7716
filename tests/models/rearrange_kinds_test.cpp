// The words of layers that pick or move elements by index, and unpoolings that find their pooling.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "layers/init.h"
#include "layers/max_unpool2d.h"
#include "models/registry.h"
#include "models/summary.h"
#include "tests/models/specs.h"
#include "tests/support/fill.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using ::testing::AllOf;
using testing::bare;
using testing::conv3;
using testing::entry;
using ::testing::HasSubstr;
using testing::list;
using ::testing::Not;
using testing::scalar;

ModelOptions options_of(std::vector<LayerSpec> layers) {
  ModelOptions options{.name = "layers"};
  options.layers = std::move(layers);
  options.layers.push_back(bare("adaptive_avg_pool2d", "1"));
  options.layers.push_back(bare("linear", "10"));
  return options;
}

std::string error_of(std::vector<LayerSpec> layers) {
  return testing::message_of([&] { build_model(options_of(std::move(layers))); });
}

LayerSpec named(LayerSpec spec, std::string name) {
  spec.name = std::move(name);
  return spec;
}

const SummaryRow& row_of(const Summary& summary, const std::string& kind) {
  for (const SummaryRow& row : summary.rows) {
    if (row.kind == kind) return row;
  }
  throw std::runtime_error("no layer " + kind);
}

FeatureShape shape_after(std::vector<LayerSpec> layers, const std::string& kind) {
  return row_of(summarize(build_model(options_of(std::move(layers)))), kind).output;
}

// Pictures are 3x32x32.
TEST(RearrangeKinds, EveryWordBuildsItsLayer) {
  EXPECT_EQ(shape_after({entry("adaptive_max_pool2d", {{"output_size", list({"5", "7"})}})},
                        "AdaptiveMaxPool2d"),
            (FeatureShape{3, 5, 7}));
  EXPECT_EQ(shape_after({bare("pixel_unshuffle", "2")}, "PixelUnshuffle"),
            (FeatureShape{12, 16, 16}));
  EXPECT_EQ(shape_after({bare("pixel_unshuffle", "4"), bare("pixel_shuffle", "2")}, "PixelShuffle"),
            (FeatureShape{12, 16, 16}));
  EXPECT_EQ(shape_after({bare("reflection_pad2d", "2")}, "ReflectionPad2d"),
            (FeatureShape{3, 36, 36}));
  EXPECT_EQ(shape_after({entry("reflection_pad2d", {{"padding", list({"1", "2", "0", "3"})}})},
                        "ReflectionPad2d"),
            (FeatureShape{3, 35, 35}));
  EXPECT_EQ(shape_after({entry("conv_transpose2d", {{"out_channels", scalar("8")},
                                                    {"kernel_size", list({"3", "2"})},
                                                    {"stride", scalar("2")},
                                                    {"padding", list({"1", "0"})},
                                                    {"output_padding", list({"1", "0"})},
                                                    {"bias", scalar("false")}})},
                        "ConvTranspose2d"),
            (FeatureShape{8, 64, 64}));
  EXPECT_EQ(shape_after({entry("fractional_max_pool2d", {{"kernel_size", list({"3", "2"})},
                                                         {"output_ratio", scalar("0.7")}})},
                        "FractionalMaxPool2d"),
            (FeatureShape{3, 22, 22}));
  EXPECT_EQ(shape_after({entry("fractional_max_pool2d", {{"output_size", list({"20", "25"})},
                                                         {"regions", scalar("overlapping")},
                                                         {"sequence", scalar("random")},
                                                         {"shared", scalar("true")}})},
                        "FractionalMaxPool2d"),
            (FeatureShape{3, 20, 25}));
}

// 0.7 is no float: in floats 10 * 0.7 would be rounded down to 6.
TEST(RearrangeKinds, RatiosAreDoublesAsInPyTorch) {
  EXPECT_EQ(shape_after({bare("adaptive_avg_pool2d", "10"),
                         entry("fractional_max_pool2d", {{"output_ratio", scalar("0.7")}})},
                        "FractionalMaxPool2d"),
            (FeatureShape{3, 7, 7}));
}

TEST(RearrangeKinds, PyramidsEndTheMap) {
  ModelOptions options{.name = "layers"};
  options.layers = {conv3("4"),
                    entry("spatial_pyramid_pool2d", {{"levels", list({"1", "2", "4"})}}),
                    bare("linear", "num_classes")};
  const Model model = build_model(options);
  const SummaryRow row = row_of(summarize(model), "SpatialPyramidPool2d");
  EXPECT_EQ(row.output, (FeatureShape{.c = 84, .flat = true}));
  EXPECT_EQ(row.window, Window2d::global(32, 32));
  EXPECT_EQ(row.activation_bytes, 84 * 4);
  EXPECT_EQ(row_of(summarize(model), "Linear").params, 84 * 10 + 10);
}

TEST(RearrangeKinds, WrongArgumentsAreReported) {
  EXPECT_THAT(error_of({entry("fractional_max_pool2d",
                              {{"regions", scalar("disjont")}, {"output_ratio", scalar("0.7")}})}),
              AllOf(HasSubstr("regions: expected one of fixed, disjoint, overlapping"),
                    HasSubstr("did you mean 'disjoint'?")));
  EXPECT_THAT(error_of({entry("fractional_max_pool2d", {{"output_ratio", scalar("x")}})}),
              HasSubstr("output_ratio: expected one number or [height, width], got 'x'"));
  EXPECT_THAT(error_of({entry("fractional_max_pool2d",
                              {{"output_size", scalar("15")}, {"regions", scalar("disjoint")}})}),
              HasSubstr("an input between 1 and 2 times the output, got 32 / 15 = 2.133"));
  EXPECT_THAT(error_of({entry("fractional_max_pool2d")}), HasSubstr("got neither"));
  EXPECT_THAT(error_of({entry("reflection_pad2d", {{"padding", list({"1", "2"})}})}),
              HasSubstr("[left, right, top, bottom], got 2 numbers"));
  EXPECT_THAT(error_of({entry("reflection_pad2d", {{"padding", list({"1", "x", "2", "3"})}})}),
              HasSubstr("padding: expected a whole number from 0 to"));
  EXPECT_THAT(error_of({bare("pixel_unshuffle", "3")}),
              HasSubstr("downscale_factor 3 must divide height and width, got (3, 32, 32)"));
  EXPECT_THAT(error_of({entry("conv_transpose2d", {{"out_channels", scalar("8")},
                                                   {"kernel_size", scalar("2")},
                                                   {"groups", scalar("3")}})}),
              HasSubstr("groups: a transposed convolution here has none, got 3"));
  EXPECT_THAT(error_of({entry("max_unpool2d")}), HasSubstr("the argument 'of' is missing"));
}

std::vector<LayerSpec> segnet() {
  return {
      conv3("4"),
      named(entry("max_pool2d", {{"kernel_size", scalar("3")}, {"stride", scalar("2")}}), "outer"),
      conv3("4"),
      named(bare("max_pool2d", "2"), "inner"),
      bare("max_unpool2d", "inner"),
      conv3("4"),
      entry("max_unpool2d", {{"of", scalar("outer")}})};
}

TEST(Unpooling, NestedPairsFindEachOther) {
  const Model model = build_model(options_of(segnet()));
  const Summary summary = summarize(model);
  EXPECT_EQ(summary.rows[1].output, (FeatureShape{4, 15, 15}));
  EXPECT_EQ(summary.rows[3].output, (FeatureShape{4, 7, 7}));
  EXPECT_EQ(summary.rows[4].output, (FeatureShape{4, 15, 15}));
  EXPECT_EQ(summary.rows[6].output, (FeatureShape{4, 32, 32}));
  // Strides 2 and 4 on the way in, and back again.
  EXPECT_EQ(summary.rows[3].field.y.stride, 4);
  EXPECT_EQ(summary.rows[4].field.y.stride, 2);
  EXPECT_EQ(summary.rows[6].field.y.stride, 1);

  initialize(*model.net, {.seed = 1});
  for (const int n : {3, 33}) {  // two passes: the second finds its own indices
    const Variable y = model.net->forward(Variable(testing::random_images(n, 3, 32, 32, 1)), {});
    EXPECT_EQ(y.value().shape(), (Shape{n, 10, 1, 1}));
  }
}

TEST(Unpooling, OtherPoolingsKeepNoIndices) {
  const Model model = build_model(options_of(segnet()));
  int with_indices = 0, poolings = 0;
  for (const Sequential::Leaf& leaf : model.net->leaves()) {
    poolings += leaf.layer->kind() == "MaxPool2d";
    with_indices += dynamic_cast<MaxPool2dWithIndices*>(leaf.layer) != nullptr;
  }
  EXPECT_EQ(poolings, 2);
  EXPECT_EQ(with_indices, 2);
  const Model plain = build_model(options_of({named(bare("max_pool2d", "2"), "alone")}));
  EXPECT_EQ(dynamic_cast<MaxPool2dWithIndices*>(plain.net->leaves()[0].layer), nullptr);
}

TEST(Unpooling, MisfitsNameTheLayers) {
  const LayerSpec pool = named(bare("max_pool2d", "2"), "pool1");
  EXPECT_THAT(
      error_of({pool, bare("max_unpool2d", "pol1")}),
      AllOf(HasSubstr("layers[1].max_unpool2d: of: no layer before this one is named 'pol1'"),
            HasSubstr("did you mean 'pool1'?"), HasSubstr("named max_pool2d: pool1")));
  EXPECT_THAT(error_of({bare("max_unpool2d", "pool1"), pool}),
              HasSubstr("no layer before this one is named 'pool1'"));
  EXPECT_THAT(error_of({named(conv3("4"), "stem"), bare("max_unpool2d", "stem")}),
              HasSubstr("expected a max_pool2d, but 'stem' is a conv2d"));
  EXPECT_THAT(error_of({pool, bare("max_unpool2d", "pool1"), bare("max_unpool2d", "pool1")}),
              HasSubstr("the max_pool2d 'pool1' is undone already"));
  EXPECT_THAT(error_of({pool, conv3("8"), bare("max_unpool2d", "pool1")}),
              HasSubstr("expected (3, 16, 16), the output of max_pool2d 'pool1', got (8, 16, 16)"));
  LayerSpec twice = pool;
  twice.repeat = 2;
  EXPECT_THAT(error_of({twice, bare("max_unpool2d", "pool1")}),
              HasSubstr("expected one max_pool2d, but 'pool1' stands for 2 layers"));
}

}  // namespace
}  // namespace weir
