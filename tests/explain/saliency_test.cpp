#include "explain/methods/saliency.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/explain/made_model.h"
#include "tests/support/message_of.h"

namespace weir::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Saliency, TheLargestAbsoluteValueOfAnyChannel) {
  const std::vector<float> values{1,     -2, 0, 3,  0.5f, -0.5f,  //
                                  -1.5f, 1,  0, -4, 0,    0.25f};
  const HeatMap map = largest_over_channels(values, 2, 3);
  EXPECT_EQ(map.height, 2);
  EXPECT_EQ(map.width, 3);
  EXPECT_THAT(map.values, ElementsAre(1.5f, 2, 0, 4, 0.5f, 0.5f));
}

// Of a linear network the gradient is its weight, to the bit.
TEST(Saliency, OfALinearNetworkItIsTheWeight) {
  constexpr int kHeight = 4, kWidth = 5, kCells = kHeight * kWidth;
  Sequential net{Flatten{}, Linear{3 * kCells, 2}};
  fill_parameters(net, 80);
  const float* weight = net.parameters()[0].variable.value().data();
  const std::vector<int> classes{1, 0, 1};
  const std::vector<HeatMap> maps = saliency(net, random_images(3, 3, kHeight, kWidth, 2), classes);
  ASSERT_EQ(maps.size(), 3u);
  for (size_t n = 0; n < maps.size(); ++n) {
    ASSERT_EQ(maps[n].height, kHeight);
    ASSERT_EQ(maps[n].width, kWidth);
    for (int i = 0; i < kCells; ++i) {
      float expected = 0;
      for (int c = 0; c < 3; ++c) {
        expected = std::max(expected, std::abs(weight[(classes[n] * 3 + c) * kCells + i]));
      }
      EXPECT_EQ(maps[n].values[size_t(i)], expected);
    }
  }
}

// Through convolutions, batch norm outside training, pooling and a smooth activation.
TEST(Saliency, AgreesWithDifferences) {
  Sequential net{Conv2d{3, 5, {.kernel_size = 3, .padding = 1}},
                 BatchNorm2d{5},
                 Tanh{},
                 AvgPool2d{{.kernel_size = 2}},
                 Conv2d{5, 4, {.kernel_size = {3, 2}}},
                 Tanh{},
                 AdaptiveAvgPool2d{1},
                 Flatten{},
                 Linear{4, 3}};
  fill_parameters(net, 90);
  for (const NamedBuffer& buffer : net.buffers()) {
    if (buffer.name.ends_with("running_var")) std::fill_n(buffer.tensor->data(), 5, 2.5f);
    if (buffer.name.ends_with("running_mean")) std::fill_n(buffer.tensor->data(), 5, 0.25f);
  }
  constexpr int kHeight = 8, kWidth = 6;
  const Tensor picture = random_images(1, 3, kHeight, kWidth, 3);
  const HeatMap map = saliency(net, picture, std::vector<int>{2}).front();
  const auto score = [&](const Tensor& x) {
    return double{net.forward(Variable(x), {}).value().data()[2]};
  };
  constexpr float kStep = 0x1p-8f;
  for (int i = 0; i < kHeight * kWidth; ++i) {
    double expected = 0;
    for (int c = 0; c < 3; ++c) {
      Tensor up = picture.clone(), down = picture.clone();
      up.panel(0, i / kWidth, i % kWidth)[c] += kStep;
      down.panel(0, i / kWidth, i % kWidth)[c] -= kStep;
      expected = std::max(expected, std::abs(score(up) - score(down)) / (2 * double{kStep}));
    }
    // Scores are below 5: rounding 5 * 2^-23 * 2^8 < 2^-12, and step^2 / 6 of third derivatives of
    // a few hundred.
    EXPECT_NEAR(map.values[size_t(i)], expected, 0x1p-9);
  }
}

TEST(Saliency, PicturesThatDoNotFitAreRefusedByTheLayer) {
  Sequential net{Flatten{}, Linear{60, 2}};
  EXPECT_THAT(message_of([&] { saliency(net, random_images(1, 3, 5, 5, 2), std::vector<int>{0}); }),
              HasSubstr("1: expected 60 inputs, got 75"));
}

}  // namespace
}  // namespace weir::testing
