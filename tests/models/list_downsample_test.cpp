#include "models/list_downsample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "models/registry.h"
#include "tests/models/specs.h"

namespace weir {
namespace {

using testing::bare;
using testing::conv3;
using testing::entry;
using ::testing::HasSubstr;
using testing::scalar;

LayerSpec block(const std::string& channels, bool batch_norm) {
  LayerSpec spec = conv3(channels);
  spec.batch_norm = batch_norm;
  spec.act = "relu";
  spec.repeat = 2;
  return spec;
}

LayerSpec pool(const std::string& kind) {
  return entry(kind,
               {{"kernel_size", scalar("3")}, {"stride", scalar("2")}, {"padding", scalar("1")}});
}

std::vector<std::string> outline(const Model& model) {
  std::vector<std::string> lines;
  for (const Sequential::Leaf& leaf : model.net->leaves()) {
    lines.push_back(fmt::format("{} {}({})", leaf.path, leaf.layer->kind(), leaf.layer->options()));
  }
  return lines;
}

class ListDownsample : public ::testing::TestWithParam<std::string> {};

// The list below is base C of the springenberg nets, so each word must give the named model.
TEST_P(ListDownsample, EqualsTheNamedModel) {
  for (const bool batch_norm : {false, true}) {
    LayerSpec last3 =
        entry("conv2d", {{"out_channels", scalar("192")}, {"kernel_size", scalar("3")}});
    LayerSpec last1 =
        entry("conv2d", {{"out_channels", scalar("192")}, {"kernel_size", scalar("1")}});
    last3.batch_norm = last1.batch_norm = batch_norm;
    last3.act = last1.act = "relu";
    LayerSpec classes =
        entry("conv2d", {{"out_channels", scalar("num_classes")}, {"kernel_size", scalar("1")}});
    if (!batch_norm) classes.act = "relu";
    for (const char* kind : {"max_pool2d", "avg_pool2d"}) {
      ModelOptions written{.name = "layers", .downsample = GetParam()};
      written.layers = {block("96", batch_norm),
                        pool(kind),
                        block("192", batch_norm),
                        pool(kind),
                        last3,
                        last1,
                        classes};
      written.tail = {bare("adaptive_avg_pool2d", "1"), entry("flatten")};
      const Model named = build_model({.name = "springenberg",
                                       .base = "C",
                                       .downsample = GetParam(),
                                       .batch_norm = batch_norm});
      EXPECT_EQ(outline(build_model(written)), outline(named)) << kind;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Words, ListDownsample,
                         ::testing::Values("max_pool", "avg_pool", "strided", "conv_pool",
                                           "all_conv"));

TEST(ListDownsampleRules, NoWordChangesNothing) {
  const std::vector<LayerSpec> layers = {block("8", false), pool("max_pool2d")};
  const std::vector<LayerSpec> same = with_downsample(layers, "");
  ASSERT_EQ(same.size(), 2u);
  EXPECT_EQ(same[1].kind, "max_pool2d");
  EXPECT_EQ(same[0].repeat, 2);
}

TEST(ListDownsampleRules, PoolingWithStrideOneStays) {
  const LayerSpec smooth =
      entry("avg_pool2d", {{"kernel_size", scalar("3")}, {"stride", testing::list({"1", "1"})}});
  const std::vector<LayerSpec> list =
      with_downsample({conv3("8"), smooth, bare("max_pool2d", "2")}, "strided");
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].args.at("stride").text, "2");
  EXPECT_EQ(list[1].kind, "avg_pool2d");
}

TEST(ListDownsampleRules, ArgumentsOfTheOldReducerGo) {
  LayerSpec averaging = pool("avg_pool2d");
  averaging.args["count_include_pad"] = scalar("false");
  const std::vector<LayerSpec> list = with_downsample({conv3("8"), averaging}, "max_pool");
  EXPECT_EQ(list[1].kind, "max_pool2d");
  EXPECT_FALSE(list[1].args.contains("count_include_pad"));
  EXPECT_EQ(list[1].args.at("padding").text, "1");
}

TEST(ListDownsampleRules, NeedsAConvolutionInEachStage) {
  LayerSpec second = bare("max_pool2d", "2");
  second.place = "net.yaml:9:5";
  try {
    with_downsample({conv3("8"), bare("max_pool2d", "2"), second}, "strided");
    FAIL() << "two poolings in a row cannot both be strided";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_THAT(error.what(),
                HasSubstr("net.yaml:9:5: error: max_pool2d: downsample needs a conv"));
  }
}

}  // namespace
}  // namespace weir
