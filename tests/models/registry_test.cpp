#include "models/registry.h"

#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/functions/cross_entropy.h"
#include "layers/init.h"
#include "layers/state.h"
#include "models/downsample.h"
#include "tests/models/specs.h"
#include "tests/support/fill.h"
#include "tests/support/message_of.h"

namespace weir {

void PrintTo(const ModelOptions& o, std::ostream* out) {
  *out << o.name << " " << o.base << " " << o.downsample << (o.batch_norm ? " batch_norm" : "");
}

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// The message of the Error that building throws; "" when it throws none.
std::string build_error(const ModelOptions& options) {
  return testing::message_of([&] { build_model(options); });
}

// Narrow nets of every model with every downsampling.
std::vector<ModelOptions> narrow_models() {
  std::vector<ModelOptions> all;
  for (const DownsampleWord& word : downsample_words()) {
    for (const bool batch_norm : {false, true}) {
      const std::string downsample(word.name);
      ModelOptions common{.downsample = downsample, .width = 0.07, .batch_norm = batch_norm};
      common.dropout = common.input_dropout = 0.1;
      for (const char* name : {"lenet5", "vgg_mini", "springenberg"}) {
        common.name = name;
        all.push_back(common);
      }
      for (const char* base : {"A", "B"}) {
        common.base = base;
        all.push_back(common);
      }
    }
  }
  return all;
}

class EveryModel : public ::testing::TestWithParam<ModelOptions> {};

// What output_shape() promises when the network is built is what forward() delivers.
TEST_P(EveryModel, ShapesAtRunTimeEqualShapesAtBuildTime) {
  const Model model = build_model(GetParam());
  initialize(*model.net, {.seed = 3});
  Variable x(testing::random_images(2, 3, 32, 32, 1));
  FeatureShape shape = model.input;
  for (const Sequential::Leaf& leaf : model.net->leaves()) {
    x = leaf.layer->forward(x, {});
    shape = leaf.layer->output_shape(shape);
    const Shape expected = leaf.layer->kind() == "Linear" ? Shape{2, shape.c, 1, 1}
                                                          : Shape{2, shape.c, shape.h, shape.w};
    EXPECT_EQ(x.value().shape(), expected) << leaf.path;
  }
  EXPECT_EQ(x.value().shape(), (Shape{2, 10, 1, 1}));
}

TEST_P(EveryModel, GradientsReachEveryParameter) {
  const Model model = build_model(GetParam());
  initialize(*model.net, {.seed = 3});
  const Tensor images = testing::random_images(5, 3, 32, 32, 2);
  Tape tape;
  const Variable logits = model.net->forward(Variable(images), {.training = true, .seed = 1});
  tape.backward(cross_entropy(logits, std::vector<int>{0, 1, 2, 3, 4}));
  for (const NamedParameter& parameter : model.net->parameters()) {
    ASSERT_TRUE(parameter.variable.grad().defined()) << parameter.name;
    EXPECT_EQ(parameter.variable.grad().shape(), parameter.variable.value().shape())
        << parameter.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Narrow, EveryModel, ::testing::ValuesIn(narrow_models()));

TEST(Registry, UnknownModelNamesTheNearest) {
  EXPECT_THAT(build_error({.name = "lenet"}),
              AllOf(HasSubstr("unknown model 'lenet'"), HasSubstr("did you mean 'lenet5'?")));
}

TEST(Registry, UnknownWordsNameTheNearest) {
  EXPECT_THAT(build_error({.downsample = "max_pol"}), HasSubstr("did you mean 'max_pool'?"));
  EXPECT_THAT(build_error({.act = "rellu"}), HasSubstr("did you mean 'relu'?"));
  EXPECT_THAT(build_error({.name = "vgg_mini", .head = "dens"}),
              HasSubstr("did you mean 'dense'?"));
  EXPECT_THAT(build_error({.name = "springenberg", .base = "D"}), HasSubstr("known: A, B, C"));
}

TEST(Registry, RefusesOptionsThatTheModelDoesNotRead) {
  EXPECT_THAT(build_error({.name = "springenberg", .head = "dense"}),
              HasSubstr("model 'springenberg' has no option 'head'"));
  EXPECT_THAT(build_error({.name = "vgg_mini", .base = "A"}), HasSubstr("has no option 'base'"));
  ModelOptions with_list{.name = "lenet5"};
  with_list.layers = {testing::entry("flatten")};
  EXPECT_THAT(build_error(with_list), HasSubstr("has no option 'layers'"));
  EXPECT_THAT(build_error({.name = "vgg_mini", .head = "gap", .head_width = 64}),
              HasSubstr("head_width 64 belongs to head: dense"));
}

TEST(Registry, RefusesValuesOutOfRange) {
  EXPECT_THAT(build_error({.width = 0}), HasSubstr("width must be in (0, 64], got 0"));
  EXPECT_THAT(build_error({.width = -1}), HasSubstr("width"));
  EXPECT_THAT(build_error({.dropout = 1.0}), HasSubstr("[0, 1), got 1"));
  EXPECT_THAT(build_error({.num_classes = 0}), HasSubstr("num_classes"));
}

TEST(Registry, TooSmallImagesNameTheLayerAndTheFormula) {
  EXPECT_THAT(build_error({.name = "lenet5", .in_height = 9}),
              AllOf(HasSubstr("features.3: "), HasSubstr("height"),
                    HasSubstr("floor((2 + 2*0 - 1*(5-1) - 1) / 1) + 1 = -2")));
}

// The heads differ in what they take: GAP any size, a dense head the one it was built for.
TEST(Registry, GapTakesOtherSizesAndDenseRefusesThem) {
  const Model gap = build_model({.name = "vgg_mini"});
  EXPECT_EQ(gap.net->output_shape({.c = 3, .h = 48, .w = 64}).numel(), 10);
  const Model dense = build_model({.name = "vgg_mini", .head = "dense"});
  try {
    dense.net->output_shape({.c = 3, .h = 48, .w = 48});
    FAIL() << "a 48x48 image went into a head for 32x32";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "classifier.1: expected 4096 inputs, got 9216; the head is fixed-size, try "
                 "adaptive_avg_pool2d: 1");
  }
}

TEST(Registry, OtherInputsAndClasses) {
  const Model model = build_model(
      {.name = "lenet5", .in_channels = 1, .in_height = 28, .in_width = 28, .num_classes = 7});
  EXPECT_EQ(model.net->output_shape(model.input), (FeatureShape{.c = 7, .flat = true}));
}

}  // namespace
}  // namespace weir
