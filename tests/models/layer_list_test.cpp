#include "models/layer_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "layers/state.h"
#include "models/registry.h"
#include "tests/models/specs.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using ::testing::AllOf;
using testing::bare;
using testing::conv3;
using ::testing::ElementsAre;
using testing::entry;
using ::testing::HasSubstr;
using testing::list;
using ::testing::Not;
using testing::scalar;

ModelOptions options_of(std::vector<LayerSpec> layers, std::vector<LayerSpec> tail = {}) {
  ModelOptions options{.name = "layers"};
  options.layers = std::move(layers);
  options.tail = std::move(tail);
  return options;
}

std::string error_of(const ModelOptions& options) {
  return testing::message_of([&] { build_model(options); });
}

LayerSpec block(const std::string& channels) {
  LayerSpec spec = conv3(channels);
  spec.batch_norm = true;
  spec.act = "relu";
  spec.repeat = 2;
  return spec;
}

// "Conv2d 0 -> (64, 32, 32)" for each layer
std::vector<std::string> outline(const Model& model) {
  std::vector<std::string> lines;
  FeatureShape shape = model.input;
  for (const Sequential::Leaf& leaf : model.net->leaves()) {
    shape = leaf.layer->output_shape(shape);
    lines.push_back(fmt::format("{} {} {}", leaf.path, leaf.layer->kind(), shape.str()));
  }
  return lines;
}

TEST(LayerList, VggMiniWrittenOutEqualsTheNamedModel) {
  const std::vector<LayerSpec> head = {bare("adaptive_avg_pool2d", "1"), entry("flatten"),
                                       bare("linear", "num_classes")};
  const Model written =
      build_model(options_of({block("64"), bare("max_pool2d", "2"), block("128"),
                              bare("max_pool2d", "2"), block("256"), bare("max_pool2d", "2")},
                             head));
  const Model named = build_model({.name = "vgg_mini", .batch_norm = true});
  EXPECT_EQ(outline(written), outline(named));
  EXPECT_EQ(parameter_count(*written.net), parameter_count(*named.net));
}

TEST(LayerList, ANameReplacesThePosition) {
  LayerSpec single = conv3("4");
  single.name = "stem";
  LayerSpec several = block("5");
  several.name = "last_conv";
  const Model model = build_model(
      options_of({single, several, bare("adaptive_avg_pool2d", "1"), bare("linear", "10")}));
  EXPECT_THAT(
      outline(model),
      ElementsAre(
          "features.stem Conv2d (4, 32, 32)", "features.last_conv.0 Conv2d (5, 32, 32)",
          "features.last_conv.1 BatchNorm2d (5, 32, 32)", "features.last_conv.2 ReLU (5, 32, 32)",
          "features.last_conv.3 Conv2d (5, 32, 32)", "features.last_conv.4 BatchNorm2d (5, 32, 32)",
          "features.last_conv.5 ReLU (5, 32, 32)", "features.2 AdaptiveAvgPool2d (5, 1, 1)",
          "features.3 Linear (10)"));
}

TEST(LayerList, ReportsAllErrorsAtOnceWithTheirPlaces) {
  LayerSpec typo = conv3("8");
  typo.kind = "conv2";
  typo.place = "vgg.yaml:4:7";
  LayerSpec arguments = entry("conv2d", {{"out_channels", scalar("many", "vgg.yaml:5:30")},
                                         {"kernal_size", scalar("3", "vgg.yaml:5:45")}});
  arguments.place = "vgg.yaml:5:7";
  LayerSpec act = conv3("8");
  act.act = "rellu";
  act.place = "vgg.yaml:6:7";
  const std::string error = error_of(options_of(
      {typo, arguments, act}, {entry("dropout", {{"p", scalar("half", "vgg.yaml:8:9")}})}));
  EXPECT_THAT(
      error,
      AllOf(
          HasSubstr("vgg.yaml:4:7: error: layers[0].conv2: unknown layer 'conv2'; did you mean "
                    "'conv2d'?"),
          HasSubstr("vgg.yaml:5:30: error: layers[1].conv2d: out_channels: expected a whole "
                    "number from 1 to 32768, got 'many'"),
          HasSubstr("vgg.yaml:5:45: error: layers[1].conv2d: unknown argument 'kernal_size'; did "
                    "you mean 'kernel_size'?"),
          HasSubstr("vgg.yaml:5:7: error: layers[1].conv2d: the argument 'kernel_size' is missing"),
          HasSubstr("vgg.yaml:6:7: error: layers[2].conv2d: unknown activation 'rellu'; did you "
                    "mean 'relu'?"),
          HasSubstr("vgg.yaml:8:9: error: head[0].dropout: p: expected a number, got 'half'")));
  EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 5) << error;
}

// A layer that cannot be built leaves the shape unknown: nothing is invented about those behind it.
TEST(LayerList, AnErrorDoesNotCauseOthers) {
  const std::string error =
      error_of(options_of({entry("conv3d"), entry("flatten"), bare("linear", "10"), conv3("8")}));
  EXPECT_THAT(error, HasSubstr("conv3d"));
  EXPECT_THAT(error, Not(HasSubstr("\n")));
}

TEST(LayerList, ShapesThatDoNotFit) {
  EXPECT_THAT(error_of(options_of({entry(
                  "conv2d", {{"out_channels", scalar("4")}, {"kernel_size", list({"3", "35"})}})})),
              AllOf(HasSubstr("layers[0].conv2d: "), HasSubstr("width"),
                    HasSubstr("floor((32 + 2*0 - 1*(35-1) - 1) / 1) + 1 = -2")));
  EXPECT_THAT(error_of(options_of({bare("linear", "10")})),
              AllOf(HasSubstr("layers[0].linear: expected flat features, got the map (3, 32, 32)"),
                    HasSubstr("put flatten before it")));
  EXPECT_THAT(error_of(options_of({entry("flatten"), conv3("8")})),
              HasSubstr("layers[1].conv2d: expected a map"));
  EXPECT_THAT(error_of(options_of({conv3("8"), entry("conv2d", {{"in_channels", scalar("7")},
                                                                {"out_channels", scalar("4")},
                                                                {"kernel_size", scalar("1")}})})),
              HasSubstr("in_channels is 7, but the layer before gives 8"));
  EXPECT_THAT(error_of(options_of({entry("conv2d", {{"out_channels", scalar("4")},
                                                    {"groups", scalar("2")},
                                                    {"kernel_size", scalar("1")}})})),
              HasSubstr("groups must divide in_channels 3 and out_channels 4, got 2"));
}

TEST(LayerList, TheEndMustBeOneScoreForEachClass) {
  EXPECT_THAT(error_of(options_of({conv3("10")})),
              AllOf(HasSubstr("the network ends with (10, 32, 32)"), HasSubstr("10 classes")));
  EXPECT_THAT(error_of(options_of({entry("flatten"), bare("linear", "11")})),
              HasSubstr("ends with (11)"));
}

// 2,048 * 32 * 32 features are more than any size that a layer may be asked for.
TEST(LayerList, InFeaturesMayBeStatedHoweverManyTheyAre) {
  const auto classes_from = [](const std::string& in_features) {
    return options_of(
        {entry("conv2d", {{"out_channels", scalar("2048")}, {"kernel_size", scalar("1")}}),
         entry("flatten"),
         entry("linear",
               {{"in_features", scalar(in_features)}, {"out_features", scalar("num_classes")}})});
  };
  EXPECT_EQ(build_model(classes_from("2097152")).num_classes, 10);
  EXPECT_THAT(error_of(classes_from("2097151")),
              HasSubstr("in_features is 2097151, but the layer before gives 2097152"));
}

TEST(LayerList, WrongArguments) {
  EXPECT_THAT(error_of(options_of({})), HasSubstr("needs a list"));
  EXPECT_THAT(error_of(options_of({bare("relu", "3")})), HasSubstr("takes no bare value, got '3'"));
  EXPECT_THAT(error_of(options_of(
                  {entry("max_pool2d", {{"", scalar("2")}, {"kernel_size", scalar("3")}})})),
              HasSubstr("a bare value means 'kernel_size', which is given too"));
  EXPECT_THAT(error_of(options_of({entry("max_pool2d", {{"kernel_size", list({"2", "2", "2"})}})})),
              HasSubstr("expected one number or [height, width], got [2, 2, 2]"));
  EXPECT_THAT(error_of(options_of({bare("max_pool2d", "0")})),
              HasSubstr("from 1 to 32768, got '0'"));
  EXPECT_THAT(error_of(options_of({bare("max_pool2d", "2.0")})), HasSubstr("got '2.0'"));
  EXPECT_THAT(error_of(options_of({bare("max_pool2d", "99999999999999")})),
              HasSubstr("got '99999999999999'"));
  EXPECT_THAT(error_of(options_of({entry("linear", {{"out_features", list({"1", "2"})}})})),
              HasSubstr("expected one number, got [1, 2]"));
  EXPECT_THAT(error_of(options_of({entry("flatten"), entry("linear", {{"out_features", scalar("3")},
                                                                      {"bias", scalar("yes")}})})),
              HasSubstr("bias: expected true or false, got 'yes'"));
  EXPECT_THAT(error_of(options_of({bare("dropout", "1")})), HasSubstr("must be in [0, 1), got 1"));
  EXPECT_THAT(error_of(options_of({bare("dropout", "nan")})), HasSubstr("expected a number"));
}

TEST(LayerList, WrongSiblings) {
  LayerSpec repeated = conv3("8");
  repeated.repeat = 0;
  EXPECT_THAT(error_of(options_of({repeated})),
              HasSubstr("repeat: expected a whole number from 1"));
  LayerSpec first = conv3("8"), second = conv3("8");
  first.name = second.name = "twin";
  EXPECT_THAT(error_of(options_of({first, second})), HasSubstr("two layers have the name 'twin'"));
  first.name = "a.b";
  EXPECT_THAT(error_of(options_of({first})), HasSubstr("without dots, got 'a.b'"));
  LayerSpec normalised = bare("linear", "8");
  normalised.batch_norm = true;
  EXPECT_THAT(error_of(options_of({entry("flatten"), normalised})),
              HasSubstr("put batch normalisation before flatten"));
}

// Sizes that no machine has are refused before memory is asked for.
TEST(LayerList, HugeWeightsAreRefused) {
  EXPECT_THAT(error_of(options_of({bare("adaptive_avg_pool2d", "1"), bare("linear", "32768"),
                                   bare("linear", "32768"), bare("linear", "10")})),
              HasSubstr("layers[2].linear: a weight of shape (32768, 32768)"));
}

}  // namespace
}  // namespace weir
