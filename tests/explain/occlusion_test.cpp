#include "explain/methods/occlusion.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/explain/made_model.h"
#include "tests/support/message_of.h"

namespace weir::testing {
namespace {

using ::testing::HasSubstr;

constexpr int kHeight = 7, kWidth = 5, kCells = kHeight * kWidth, kClasses = 3;

TrainedModel linear_model() {
  Sequential net{Flatten{}, Linear{3 * kCells, kClasses}};
  fill_parameters(net, 100);
  return made_model(std::move(net), {"a", "b", "c"}, kHeight, kWidth);
}

// Softmax of the linear layer, in double.
double probability(Sequential& net, const std::vector<double>& pixels, int label) {
  const auto parameters = net.parameters();
  const float *weight = parameters[0].variable.value().data(),
              *bias = parameters[1].variable.value().data();
  double sum = 0, own = 0;
  for (int k = 0; k < kClasses; ++k) {
    double score = double{bias[k]};
    for (size_t i = 0; i < pixels.size(); ++i) {
      score += double{weight[k * 3 * kCells + int(i)]} * pixels[i];
    }
    sum += std::exp(score);
    if (k == label) own = std::exp(score);
  }
  return own / sum;
}

std::vector<double> pixels_of(const Images& pictures, int index) {
  std::vector<double> pixels;
  for (const uint8_t byte : pictures.image(index)) pixels.push_back(byte / 255.);
  return pixels;
}

// Every square by itself; rows of places 0, 3, 4 for height 7 and columns 0, 2 for width 5.
TEST(Occlusion, IsTheMeanFallOverTheSquaresThatCoverAPixel) {
  TrainedModel model = linear_model();
  const Images pictures = random_pictures(2, kClasses, kHeight, kWidth, 3);
  const std::vector<int> classes{2, 0};
  const std::vector<HeatMap> maps = occlusion(model, pictures, classes, {.window = 3, .stride = 3});
  ASSERT_EQ(maps.size(), 2u);
  for (int n = 0; n < 2; ++n) {
    const std::vector<double> whole = pixels_of(pictures, n);
    std::vector<double> sums(kCells), counts(kCells);
    for (const int top : {0, 3, 4}) {
      for (const int left : {0, 2}) {
        std::vector<double> covered = whole;
        for (int i = 0; i < 3 * kCells; ++i) {
          const int y = i % kCells / kWidth, x = i % kWidth;
          if (y >= top && y < top + 3 && x >= left && x < left + 3) covered[size_t(i)] = 128 / 255.;
        }
        const double fall = probability(*model.network, whole, classes[size_t(n)]) -
                            probability(*model.network, covered, classes[size_t(n)]);
        for (int i = 0; i < kCells; ++i) {
          if (i / kWidth < top || i / kWidth >= top + 3) continue;
          if (i % kWidth < left || i % kWidth >= left + 3) continue;
          sums[size_t(i)] += fall;
          ++counts[size_t(i)];
        }
      }
    }
    for (int i = 0; i < kCells; ++i) {
      // Scores are sums of 105 products below 1; the slope of softmax is at most 1/4 of their error
      // for each of two probabilities.
      EXPECT_NEAR(maps[size_t(n)].values[size_t(i)], sums[size_t(i)] / counts[size_t(i)],
                  2 * 0.25 * 105 * 105 * 0x1p-24);
    }
  }
}

// More places than are computed at a time.
TEST(Occlusion, AWindowOfAPixelWithStrideOne) {
  TrainedModel model = linear_model();
  const Images pictures = random_pictures(1, kClasses, kHeight, kWidth, 4);
  const HeatMap map =
      occlusion(model, pictures, std::vector<int>{1}, {.window = 1, .stride = 1}).front();
  std::vector<double> covered = pixels_of(pictures, 0);
  const double whole = probability(*model.network, covered, 1);
  for (int c = 0; c < 3; ++c) covered[size_t(c * kCells + kCells - 1)] = 128 / 255.;
  EXPECT_NEAR(map.values.back(), whole - probability(*model.network, covered, 1),
              2 * 0.25 * 105 * 105 * 0x1p-24);
}

TEST(Occlusion, SquaresThatDoNotFitAreRefused) {
  TrainedModel model = linear_model();
  const Images pictures = random_pictures(1, kClasses, kHeight, kWidth, 4);
  const auto message = [&](const OcclusionOptions& options) {
    return message_of([&] { occlusion(model, pictures, std::vector<int>{1}, options); });
  };
  EXPECT_THAT(message({.window = 6, .stride = 1}),
              HasSubstr("a window of 6 does not fit pictures of 7x5"));
  EXPECT_THAT(message({.window = 3, .stride = 4}), HasSubstr("a stride of 4 leaves pixels"));
  EXPECT_THAT(message({.window = 0, .stride = 1}), HasSubstr("found 0 and 1"));
}

}  // namespace
}  // namespace weir::testing
