// From one model to another by its own words, with the weights of the first.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "layers/init.h"
#include "layers/state.h"
#include "layers/transfer.h"
#include "models/registry.h"
#include "tests/core/kernels/conditions.h"
#include "tests/models/specs.h"
#include "tests/support/fill.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using testing::bare;
using testing::conv3;
using ::testing::ElementsAre;
using testing::entry;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> kept(const Transfer& transfer) {
  std::vector<std::string> paths;
  for (const auto& [layer, source] : transfer.layers) {
    if (source.empty()) paths.push_back(layer.path);
  }
  return paths;
}

std::vector<std::string> dropped(const Transfer& transfer) {
  std::vector<std::string> paths;
  for (const LayerState& layer : transfer.dropped) paths.push_back(layer.path);
  return paths;
}

struct Operated {
  Model before, after;
  Transfer transfer;
};

// Both with initial weights of their own, then the transfer.
Operated operate(const ModelOptions& before, const ModelOptions& after) {
  Operated nets{build_model(before), build_model(after), {}};
  initialize(*nets.before.net, {.seed = 1});
  initialize(*nets.after.net, {.seed = 2});
  nets.transfer = transfer_weights(*nets.before.net, *nets.after.net);
  return nets;
}

ModelOptions vgg(bool batch_norm = false) {
  return {.name = "vgg_mini",
          .width = 0.1,
          .batch_norm = batch_norm,
          .head = "dense",
          .head_width = 24};
}

// What can be done to a dense net in one word, and what of it begins anew.
TEST(Surgery, EachHeadKeepsTheBackbone) {
  for (const bool batch_norm : {false, true}) {
    const ModelOptions dense = vgg(batch_norm);
    ModelOptions pooled = dense;
    pooled.head_width = ModelOptions{}.head_width;
    for (const char* head : {"gap", "gmp"}) {
      pooled.head = head;
      pooled.head_convs = 0;
      pooled.last_pool = true;
      const Operated plain = operate(dense, pooled);
      EXPECT_THAT(kept(plain.transfer), ElementsAre("classifier.2")) << head;
      EXPECT_THAT(dropped(plain.transfer), ElementsAre("classifier.1", "classifier.3")) << head;

      pooled.last_pool = false;
      EXPECT_THAT(kept(operate(dense, pooled).transfer), ElementsAre("classifier.2")) << head;

      pooled.head_convs = 1;
      const std::vector<std::string> anew =
          batch_norm ? std::vector<std::string>{"classifier.0", "classifier.1", "classifier.5"}
                     : std::vector<std::string>{"classifier.0", "classifier.4"};
      const Operated wider = operate(dense, pooled);
      EXPECT_EQ(kept(wider.transfer), anew) << head;
      EXPECT_THAT(wider.transfer.ambiguous, IsEmpty());
    }
  }
}

TEST(Surgery, AnotherNumberOfClassesTouchesTheLastLayerAlone) {
  ModelOptions more = vgg();
  more.num_classes = 17;
  EXPECT_THAT(kept(operate(vgg(), more).transfer), ElementsAre("classifier.3"));
}

TEST(Surgery, DropoutInTheDenseHeadChangesNoWeight) {
  ModelOptions dropping = vgg();
  dropping.dropout = 0.5;
  EXPECT_TRUE(operate(vgg(), dropping).transfer.complete());
}

TEST(Surgery, StridedConvolutionsInPlaceOfPoolings) {
  for (const bool batch_norm : {false, true}) {
    ModelOptions all_conv = vgg(batch_norm);
    all_conv.downsample = "all_conv";
    const Operated nets = operate(vgg(batch_norm), all_conv);
    EXPECT_THAT(dropped(nets.transfer), IsEmpty());
    EXPECT_THAT(nets.transfer.ambiguous, IsEmpty());
    // conv [norm] relu, conv [norm] relu, and here the new conv [norm] relu, three times.
    const std::vector<std::string> anew =
        batch_norm ? std::vector<std::string>{"features.6",  "features.7",  "features.15",
                                              "features.16", "features.24", "features.25"}
                   : std::vector<std::string>{"features.4", "features.10", "features.16"};
    EXPECT_EQ(kept(nets.transfer), anew);
  }
  ModelOptions strided = vgg();
  strided.downsample = "strided";
  EXPECT_TRUE(operate(vgg(), strided).transfer.complete());
}

// One more convolution like its neighbour could be either of the two, and that is said.
TEST(Surgery, ConvPoolIsAmbiguousAndSaysSo) {
  ModelOptions conv_pool = vgg();
  conv_pool.downsample = "conv_pool";
  const Operated nets = operate(vgg(), conv_pool);
  EXPECT_THAT(kept(nets.transfer), ElementsAre("features.4", "features.11", "features.18"));
  EXPECT_EQ(nets.transfer.ambiguous.size(), 3u);
}

// The window of the pooling, and ReLU, which lets a mean of what ReLU gave through: the nets are
// the same function.
TEST(Surgery, BegunAsAverageTheStridedNetIsTheAveragePoolingNet) {
  const ModelOptions bases[] = {vgg(),
                                {.name = "lenet5"},
                                {.name = "springenberg", .base = "A", .width = 0.1},
                                {.name = "springenberg", .base = "B", .width = 0.1}};
  for (const ModelOptions& base : bases) {
    ModelOptions pooled = base, strided = base;
    pooled.downsample = "avg_pool";
    strided.downsample = "all_conv";
    strided.downsample_init = "average";
    const Operated nets = operate(pooled, strided);
    EXPECT_THAT(dropped(nets.transfer), IsEmpty()) << base.name;
    const Variable x(testing::random_images(3, 3, 32, 32, 9));
    const Tensor expected = nets.before.net->forward(x, {}).value();
    const Tensor found = nets.after.net->forward(x, {}).value();
    float largest = 0;
    for (int64_t i = 0; i < expected.stored(); ++i) {
      largest = std::max(largest, std::abs(expected.data()[i]));
    }
    EXPECT_GT(largest, 0.01f);
    for (int64_t i = 0; i < expected.stored(); ++i) {
      // Each of at most 10 layers sums up to 10 * 100 products, whose rounding errors add up like a
      // random walk: 10 * sqrt(1000) * 2^-24, relative to the largest.
      EXPECT_NEAR(found.data()[i], expected.data()[i], largest * 10 * 32 * 0x1p-24f) << base.name;
    }
  }
}

TEST(Surgery, ListsOfLayersToo) {
  ModelOptions dense{
      .name = "layers",
      .layers = {conv3("6"), entry("relu"), conv3("6"), entry("relu"), bare("avg_pool2d", "2")},
      .tail = {entry("flatten"), bare("linear", "20"), entry("relu"),
               bare("linear", "num_classes")}};
  ModelOptions pooled = dense;
  pooled.tail = {bare("adaptive_avg_pool2d", "1"), entry("flatten"), bare("linear", "num_classes")};
  pooled.downsample = "all_conv";
  pooled.downsample_init = "average";
  const Operated nets = operate(dense, pooled);
  EXPECT_THAT(kept(nets.transfer), ElementsAre("features.4", "classifier.2"));
  EXPECT_THAT(nets.transfer.ambiguous, IsEmpty());
  const Tensor weight = state_of(*nets.after.net).at("features.4.weight");
  EXPECT_EQ(weight.shape(), (Shape{6, 6, 3, 3}));
  const float* filter = weight.data() + (2 * 6 + 2) * 9;  // from channel 2 to channel 2
  EXPECT_EQ(std::vector<float>(filter, filter + 9),
            (std::vector<float>{0, 0, 0, 0, 0.25f, 0.25f, 0, 0.25f, 0.25f}));
}

// By the same words: the head continues the list in its style.
TEST(Surgery, ListsTakeTheWordsOfHeads) {
  LayerSpec block = conv3("6");
  block.batch_norm = true;
  block.act = "silu";
  ModelOptions dense{.name = "layers",
                     .head = "dense",
                     .head_width = 20,
                     .layers = {block, bare("max_pool2d", "2"), block, bare("max_pool2d", "2")}};
  ModelOptions pooled = dense;
  pooled.head = "gmp";
  pooled.head_width = ModelOptions{}.head_width;
  pooled.head_convs = 1;
  pooled.last_pool = false;
  const Operated nets = operate(dense, pooled);
  EXPECT_THAT(kept(nets.transfer), ElementsAre("classifier.0", "classifier.1", "classifier.5"));
  std::vector<std::string> kinds;
  for (const Sequential::Leaf& leaf : nets.after.net->leaves()) {
    kinds.emplace_back(leaf.layer->kind());
  }
  EXPECT_THAT(kinds, ElementsAre("Conv2d", "BatchNorm2d", "SiLU", "MaxPool2d", "Conv2d",
                                 "BatchNorm2d", "SiLU", "Conv2d", "BatchNorm2d", "SiLU",
                                 "AdaptiveMaxPool2d", "Flatten", "Linear"));
  EXPECT_EQ(parameter_count(*nets.before.net),
            (3 * 9 * 6 + 6 + 12) + (6 * 9 * 6 + 6 + 12) + (6 * 64 * 20 + 20) + (20 * 10 + 10));
}

TEST(Surgery, ListsMayAskForTheAverageThemselves) {
  LayerSpec conv = conv3("3");
  conv.args["stride"] = testing::scalar("2");
  conv.args["average"] = testing::list({"3", "2"});
  conv.args["average_padding"] = testing::list({"1", "0"});
  Model model = build_model(
      {.name = "layers", .layers = {conv, bare("adaptive_avg_pool2d", "1")}, .num_classes = 3});
  initialize(*model.net, {.seed = 1});
  const float* filter = state_of(*model.net).at("features.0.weight").data() + (1 * 3 + 1) * 9;
  const float s = 1.f / 6;
  EXPECT_EQ(std::vector<float>(filter, filter + 9),
            (std::vector<float>{0, s, s, 0, s, s, 0, s, s}));
}

std::string refusal(const ModelOptions& options) {
  return testing::message_of([&] { build_model(options); });
}

TEST(SurgeryWords, RefuseWhatDoesNotGoTogether) {
  EXPECT_THAT(refusal({.name = "vgg_mini", .head = "gapp"}), HasSubstr("did you mean 'gap'?"));
  EXPECT_THAT(
      refusal({.name = "vgg_mini", .head = "dense", .head_convs = 1}),
      HasSubstr("head_convs 1 belongs to head: gap or gmp; head: dense begins with flatten"));
  EXPECT_THAT(refusal({.name = "vgg_mini", .head = "gmp", .head_width = 64}),
              HasSubstr("head_width 64 belongs to head: dense"));
  EXPECT_THAT(refusal({.name = "springenberg", .last_pool = false}),
              HasSubstr("model 'springenberg' has no option 'last_pool'"));
  EXPECT_THAT(refusal({.name = "vgg_mini", .downsample_init = "average"}),
              HasSubstr("downsample_init belongs to downsample: all_conv"));
  EXPECT_THAT(refusal({.name = "vgg_mini", .downsample = "all_conv", .downsample_init = "mean"}),
              HasSubstr("unknown downsample_init 'mean'; known: average"));
}

TEST(SurgeryWords, OfListsRefuseTooWhatDoesNotGoTogether) {
  const std::vector<LayerSpec> convs = {conv3("6"), entry("relu")};
  EXPECT_THAT(refusal({.name = "layers", .head = "gap", .last_pool = false, .layers = convs}),
              HasSubstr("last_pool: false leaves out the last max_pool2d or avg_pool2d"));
  EXPECT_THAT(refusal({.name = "layers", .head = "gap", .layers = convs, .tail = convs}),
              HasSubstr("a word or a list of layers, got 'gap' and a list of 2"));
  EXPECT_THAT(refusal({.name = "layers", .head_convs = 1, .layers = convs, .tail = convs}),
              HasSubstr("head_convs and head_width belong to a head that is a word"));
  EXPECT_THAT(refusal({.name = "layers", .head = "pool", .layers = convs}),
              HasSubstr("unknown head 'pool'; known: gap, gmp, dense"));
}

// A picture too small for the poolings: the layer that does not fit is named.
TEST(SurgeryWords, ATooSmallPictureNamesTheLayer) {
  ModelOptions tiny = vgg();
  tiny.in_height = tiny.in_width = 6;
  EXPECT_THAT(refusal(tiny), HasSubstr("features.14"));
  const Model dense = build_model(vgg());
  EXPECT_THAT(testing::message_of([&] { dense.net->output_shape({.c = 3, .h = 48, .w = 40}); }),
              HasSubstr("classifier.1: expected 416 inputs, got 780; the head is fixed-size"));
}

}  // namespace
}  // namespace weir
