#include "explain/methods/cam.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "explain/methods/map_layer.h"
#include "tests/explain/made_model.h"
#include "tests/support/message_of.h"

namespace weir::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int kChannels = 7, kClasses = 4;
constexpr float kEpsilon = 0x1p-24f;  // of one rounding to float

// 3 x 9 x 6 to maps of 7 x 4 x 3.
Sequential body() {
  return Sequential{Conv2d{3, kChannels, {.kernel_size = 3, .padding = 1}}, ReLU{},
                    MaxPool2d{{.kernel_size = 2, .ceil_mode = true}},
                    Conv2d{kChannels, kChannels, {.kernel_size = {2, 1}}}, ReLU{}};
}

Sequential with_head(Sequential head) {
  Sequential net;
  net.add("features", body());
  net.add("classifier", std::move(head));
  fill_parameters(net, 20);
  return net;
}

Sequential gap_net() {
  return with_head(
      Sequential{AdaptiveAvgPool2d{1}, Flatten{}, Dropout{0.5f}, Linear{kChannels, kClasses}});
}

const Tensor& pictures() {
  static const Tensor images = random_images(33, 3, 9, 6, 5);
  return images;
}

// What enters the classifier, by the body alone.
Values maps_of(Sequential& net) {
  Variable x(pictures());
  for (const Sequential::Leaf& leaf : net.leaves()) {
    if (leaf.path.starts_with("features")) x = leaf.layer->forward(x, {});
  }
  return Values(x.value());
}

std::vector<float> parameter(Sequential& net, const std::string& name) {
  for (const NamedParameter& found : net.parameters()) {
    const Tensor& value = found.variable.value();
    if (found.name == name) return {value.data(), value.data() + value.numel()};
  }
  ADD_FAILURE() << name;
  return {};
}

TEST(Cam, IsTheWeightedSumOfTheLastMaps) {
  Sequential net = gap_net();
  const Values maps = maps_of(net);
  const std::vector<float> weight = parameter(net, "classifier.3.weight");
  const Values cams(class_activation_maps(net, pictures()));
  ASSERT_EQ(cams.n, 33);
  ASSERT_EQ(cams.c, kClasses);
  ASSERT_EQ(cams.h, 4);
  ASSERT_EQ(cams.w, 6 / 2);
  for (int n = 0; n < cams.n; ++n) {
    for (int c = 0; c < kClasses; ++c) {
      for (int i = 0; i < cams.h * cams.w; ++i) {
        const int y = i / cams.w, x = i % cams.w;
        double expected = 0, size = 0;
        for (int k = 0; k < kChannels; ++k) {
          const double term = double{weight[size_t(c) * kChannels + k]} * maps.at(n, k, y, x);
          expected += term;
          size += std::abs(term);
        }
        // A product and a sum of 7, each rounded.
        EXPECT_NEAR(cams.at(n, c, y, x), expected, (kChannels + 1) * double{kEpsilon} * size);
      }
    }
  }
}

// mean M_c + b_c = logit of c. Each side is a sum of channels * cells products: at most
// channels + cells + 3 roundings of partial sums, which are below the sum of absolute values.
TEST(Cam, TheMeanPlusTheBiasIsTheLogit) {
  Sequential net = gap_net();
  const Values maps = maps_of(net);
  const std::vector<float> weight = parameter(net, "classifier.3.weight");
  const std::vector<float> bias = parameter(net, "classifier.3.bias");
  const Values cams(class_activation_maps(net, pictures()));
  const Values logits(net.forward(Variable(pictures()), {}).value());
  const int cells = cams.h * cams.w;
  for (int n = 0; n < cams.n; ++n) {
    for (int c = 0; c < kClasses; ++c) {
      double mean = 0, size = std::abs(double{bias[size_t(c)]});
      for (int i = 0; i < cells; ++i) {
        mean += double{cams.at(n, c, i / cams.w, i % cams.w)} / cells;
        for (int k = 0; k < kChannels; ++k) {
          size += std::abs(double{weight[size_t(c) * kChannels + k]} *
                           maps.at(n, k, i / cams.w, i % cams.w)) /
                  cells;
        }
      }
      EXPECT_NEAR(mean + double{bias[size_t(c)]}, logits.at(n, c, 0, 0),
                  2 * (kChannels + cells + 3) * double{kEpsilon} * size);
    }
  }
}

// In bf16 the maps and the weights are rounded (2^-9, relative) on both sides, and the average once
// more before the linear layer.
TEST(Cam, InBf16TheMeanIsTheLogitWithinRounding) {
  Sequential net = gap_net();
  net.set_precision(Precision::kBf16);
  const Values cams(class_activation_maps(net, pictures()));
  const Values logits(net.forward(Variable(pictures()), {}).value());
  const std::vector<float> bias = parameter(net, "classifier.3.bias");
  const std::vector<float> weight = parameter(net, "classifier.3.weight");
  const Values maps = maps_of(net);
  for (int c = 0; c < kClasses; ++c) {
    double mean = 0, size = 0;
    for (int i = 0; i < cams.h * cams.w; ++i) {
      mean += double{cams.at(32, c, i / cams.w, i % cams.w)} / (cams.h * cams.w);
      for (int k = 0; k < kChannels; ++k) {
        size += std::abs(double{weight[size_t(c) * kChannels + k]} *
                         maps.at(32, k, i / cams.w, i % cams.w)) /
                (cams.h * cams.w);
      }
    }
    EXPECT_NEAR(mean + double{bias[size_t(c)]}, logits.at(32, c, 0, 0), 0x1p-8 * 1.1 * size);
  }
}

TEST(Cam, AveragedClassMapsAreTheMaps) {
  Sequential net;
  net.add("features", body());
  net.add("maps", Conv2d(kChannels, kClasses, {.kernel_size = 1}));
  net.add("act", ReLU());
  net.add("pool", AdaptiveAvgPool2d(1));
  net.add("flat", Flatten());
  fill_parameters(net, 40);
  const Values cams(class_activation_maps(net, pictures()));
  const Values logits(net.forward(Variable(pictures()), {}).value());
  ASSERT_EQ(cams.c, kClasses);
  const int cells = cams.h * cams.w;
  for (int n = 0; n < cams.n; ++n) {
    for (int c = 0; c < kClasses; ++c) {
      double mean = 0;
      for (int i = 0; i < cells; ++i) {
        EXPECT_GE(cams.at(n, c, i / cams.w, i % cams.w), 0.f);  // behind the ReLU
        mean += double{cams.at(n, c, i / cams.w, i % cams.w)} / cells;
      }
      EXPECT_NEAR(mean, logits.at(n, c, 0, 0), (cells + 1) * double{kEpsilon} * mean);
    }
  }
}

// An average over the whole map by its window, and global max pooling: the same sum of maps.
TEST(Cam, OtherGlobalPoolingHasTheSameMaps) {
  Sequential gap = gap_net();
  Sequential window = with_head(Sequential{AvgPool2d{{.kernel_size = {4, 3}}}, Flatten{},
                                           Dropout{0.5f}, Linear{kChannels, kClasses}});
  Sequential maximum = with_head(
      Sequential{AdaptiveMaxPool2d{1}, Flatten{}, Dropout{0.5f}, Linear{kChannels, kClasses}});
  const std::vector<float> expected = nchw_from_images(class_activation_maps(gap, pictures()));
  EXPECT_EQ(nchw_from_images(class_activation_maps(window, pictures())), expected);
  EXPECT_EQ(nchw_from_images(class_activation_maps(maximum, pictures())), expected);
}

TEST(Cam, LargerPicturesHaveLargerMaps) {
  Sequential net = gap_net();
  const Tensor maps = class_activation_maps(net, random_images(2, 3, 18, 15, 6));
  EXPECT_EQ(maps.h(), 8);
  EXPECT_EQ(maps.w(), 8);
  const HeatMap map = map_of(maps, 1, 3);
  const Values values(maps);
  EXPECT_EQ(map.height, 8);
  EXPECT_EQ(map.at(2, 5), values.at(1, 3, 2, 5));
}

std::string refusal(Sequential net) {
  return message_of([&] { class_activation_maps(net, pictures()); });
}

TEST(Cam, OtherHeadsAreRefusedWithWhatWorks) {
  const auto dense = [] {
    return Sequential{Flatten{}, Linear{kChannels * 12, 5}, ReLU{}, Linear{5, kClasses}};
  };
  EXPECT_THAT(
      refusal(with_head(dense())),
      AllOf(HasSubstr("global average pooling"), HasSubstr("classifier.0 Flatten"),
            HasSubstr("classifier.1 Linear"), HasSubstr("grad-cam, saliency and occlusion")));
  EXPECT_THAT(refusal(with_head(Sequential{AdaptiveAvgPool2d{1}, Flatten{}, Linear{kChannels, 5},
                                           Linear{5, kClasses}})),
              HasSubstr("at most one linear layer"));
  EXPECT_THAT(refusal(with_head(Sequential{AdaptiveAvgPool2d{1}, Flatten{}, ReLU{},
                                           Linear{kChannels, kClasses}})),
              HasSubstr("classifier.2 ReLU"));
  EXPECT_THAT(
      refusal(with_head(Sequential{AvgPool2d{{.kernel_size = {4, 3}, .divisor_override = 2}},
                                   Flatten{}, Linear{kChannels, kClasses}})),
      HasSubstr("AvgPool2d"));
  EXPECT_THAT(refusal(with_head(Sequential{LPPool2d{{.slide = {.kernel_size = {4, 3}}}}, Flatten{},
                                           Linear{kChannels, kClasses}})),
              HasSubstr("LPPool2d"));
  EXPECT_THAT(refusal(Sequential{AdaptiveAvgPool2d{1}, Flatten{}, Linear{3, 2}}),
              AllOf(HasSubstr("a convolution before the head"), HasSubstr("0 AdaptiveAvgPool2d"),
                    HasSubstr("saliency and occlusion")));
}

TEST(Cam, PicturesThatDoNotFitAreRefusedByTheLayer) {
  Sequential net = with_head(Sequential{Flatten{}, Linear{kChannels * 12, kClasses}});
  const std::string message =
      message_of([&] { class_activation_maps(net, random_images(1, 3, 64, 64, 1)); });
  EXPECT_THAT(message, AllOf(HasSubstr("does not take pictures of 64x64"),
                             HasSubstr("classifier.1: expected 84 inputs")));
  Sequential maps = Sequential{Conv2d{3, 2, {.kernel_size = 3}}};
  EXPECT_THAT(refusal(std::move(maps)), HasSubstr("expected one score for each class"));
}

TEST(MapLayer, TheLastMapBeforeTheHead) {
  const auto path_of = [](const Sequential& net, const std::string& name = "") {
    const auto layers = placed_layers(net, {.c = 3, .h = 9, .w = 6});
    return layers[find_map_layer(layers, name)].path;
  };
  EXPECT_EQ(path_of(gap_net()), "features.4");
  EXPECT_EQ(path_of(with_head(Sequential{Flatten{}, Linear{kChannels * 12, kClasses}})),
            "features.4");
  // A pooling that leaves a map belongs to the body, an adaptive one to the head.
  EXPECT_EQ(path_of(with_head(Sequential{MaxPool2d{{.kernel_size = 2}}, Flatten{},
                                         Linear{kChannels * 2, kClasses}})),
            "classifier.0");
  EXPECT_EQ(path_of(with_head(
                Sequential{AdaptiveAvgPool2d{2}, Flatten{}, Linear{kChannels * 4, kClasses}})),
            "features.4");
  EXPECT_EQ(path_of(gap_net(), "features.1"), "features.1");
}

TEST(MapLayer, OtherNamesAreRefused) {
  const auto message = [](const std::string& name) {
    const Sequential net = gap_net();
    const auto layers = placed_layers(net, {.c = 3, .h = 9, .w = 6});
    return message_of([&] { find_map_layer(layers, name); });
  };
  EXPECT_THAT(message("featurs.3"), HasSubstr("did you mean 'features.3'?"));
  EXPECT_THAT(message("classifier.3"),
              AllOf(HasSubstr("classifier.3 (Linear) gives (4)"), HasSubstr("which is no map")));
  const Sequential flat{Flatten{}, Linear{162, 2}};
  const auto dense = placed_layers(flat, {.c = 3, .h = 9, .w = 6});
  EXPECT_THAT(message_of([&] { find_map_layer(dense, ""); }),
              HasSubstr("expected a convolution before the head"));
}

}  // namespace
}  // namespace weir::testing
