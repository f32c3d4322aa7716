// Poolings that draw: how often, and what comes out on average. Seeds are fixed, so each test
// either always passes or always fails; the bounds are such that one in a million seeds would fail.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "core/functions/mixed_pool2d.h"
#include "core/functions/pool2d.h"
#include "core/functions/stochastic_pool2d.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

constexpr double kOneInAMillion = 4.75;  // standard deviations of a normal distribution

// What chi-square with so many degrees of freedom exceeds once in a million (Wilson, Hilferty).
double critical(int degrees) {
  const double part = 2.0 / (9.0 * degrees);
  return degrees * std::pow(1 - part + kOneInAMillion * std::sqrt(part), 3);
}

// `counts` of events with these probabilities, all above 0.
double chi_square(const std::vector<int>& counts, const std::vector<double>& probabilities) {
  double total = 0, sum = 0;
  for (const int count : counts) total += count;
  for (size_t i = 0; i < counts.size(); ++i) {
    const double expected = total * probabilities[i];
    sum += (counts[i] - expected) * (counts[i] - expected) / expected;
  }
  return sum;
}

// `count` copies of one window, as maps of 2x3 in so many images and channels.
constexpr int kImages = 40, kChannels = 200, kDraws = kImages * kChannels;
const std::array<float, 6> kCells{0.5f, 3.f, -1.f, 1.f, 0.f, 2.5f};
const PoolWindow kWhole{.kernel_size = {2, 3}};

Tensor copies_of_one_window() {
  std::vector<float> values;
  for (int i = 0; i < kDraws; ++i) values.insert(values.end(), kCells.begin(), kCells.end());
  return images_from_nchw(values.data(), kImages, kChannels, 2, 3);
}

// Which cell was drawn for each copy.
std::vector<int> draws(StochasticOdds odds, const RandomStream& stream) {
  const Variable x(copies_of_one_window());
  std::vector<int> cells;
  for (const float y :
       nchw_from_images(stochastic_pool2d(x, {.window = kWhole, .odds = odds}, stream).value())) {
    const auto cell = std::find(kCells.begin(), kCells.end(), y);
    EXPECT_NE(cell, kCells.end()) << y;
    cells.push_back(static_cast<int>(cell - kCells.begin()));
  }
  return cells;
}

std::vector<double> probabilities_of(StochasticOdds odds) {
  std::vector<double> probabilities;
  double total = 0;
  for (const float x : kCells) {
    probabilities.push_back(odds == StochasticOdds::kRelu ? std::max(double{x}, 0.0)
                                                          : std::exp(double{x}));
    total += probabilities.back();
  }
  for (double& probability : probabilities) probability /= total;
  return probabilities;
}

TEST(StochasticStatistics, CellsAreDrawnAsOftenAsTheirOddsSay) {
  for (const StochasticOdds odds : {StochasticOdds::kRelu, StochasticOdds::kSoftmax}) {
    std::vector<int> counts(kCells.size());
    for (const int cell : draws(odds, {.seed = 1, .step = 2, .layer = 3})) {
      ++counts[static_cast<size_t>(cell)];
    }
    std::vector<int> possible;
    std::vector<double> expected;
    const std::vector<double> all = probabilities_of(odds);
    for (size_t i = 0; i < kCells.size(); ++i) {
      if (all[i] == 0) {
        EXPECT_EQ(counts[i], 0) << "cell " << i << " without odds";
        continue;
      }
      possible.push_back(counts[i]);
      expected.push_back(all[i]);
    }
    EXPECT_LT(chi_square(possible, expected), critical(static_cast<int>(possible.size()) - 1));
  }
}

// Neighbours (channels, then images) and the same place in the next step: pairs of draws are as
// frequent as the product of their probabilities.
TEST(StochasticStatistics, DrawsDoNotKnowEachOther) {
  const StochasticOdds odds = StochasticOdds::kSoftmax;
  const std::vector<int> first = draws(odds, {.seed = 1, .step = 5, .layer = 0});
  const std::vector<int> next_step = draws(odds, {.seed = 1, .step = 6, .layer = 0});
  const std::vector<int> next_layer = draws(odds, {.seed = 1, .step = 5, .layer = 1});
  const std::vector<double> single = probabilities_of(odds);
  std::vector<double> pairs;
  for (const double a : single) {
    for (const double b : single) pairs.push_back(a * b);
  }
  const auto check = [&](const char* what, const auto& other_of) {
    std::vector<int> counts(pairs.size());
    for (size_t i = 0; i + kChannels < first.size(); i += 2) {
      ++counts[static_cast<size_t>(first[i]) * kCells.size() + static_cast<size_t>(other_of(i))];
    }
    EXPECT_LT(chi_square(counts, pairs), critical(static_cast<int>(pairs.size()) - 1)) << what;
  };
  check("next channel", [&](size_t i) { return first[i + 1]; });
  check("next image", [&](size_t i) { return first[i + kChannels]; });
  check("next step", [&](size_t i) { return next_step[i]; });
  check("next layer", [&](size_t i) { return next_layer[i]; });
}

// Overlapping windows of one map, many times: the mean of the draws is the output of evaluation,
// within 6 standard errors (once in 10^9 for each output; a standard deviation is at most half of
// the range of the window).
TEST(StochasticStatistics, EvaluationIsTheMeanOfTraining) {
  constexpr int kH = 5, kW = 6, kCopies = 64 * 64;
  const std::vector<float> map = testing::random_values(kH * kW, 3, -1.f, 3.f);
  std::vector<float> values;
  for (int i = 0; i < kCopies; ++i) values.insert(values.end(), map.begin(), map.end());
  const Variable x(images_from_nchw(values.data(), 64, 64, kH, kW));
  const Variable one(images_from_nchw(map.data(), 1, 1, kH, kW));
  for (const StochasticOdds odds : {StochasticOdds::kRelu, StochasticOdds::kSoftmax}) {
    const StochasticPool2dOptions options{
        .window = {.kernel_size = {3, 2}, .stride = {{2, 1}}, .padding = {1, 1}}, .odds = odds};
    const std::vector<float> expected =
        nchw_from_images(stochastic_mean_pool2d(one, options).value());
    const std::vector<float> drawn =
        nchw_from_images(stochastic_pool2d(x, options, RandomStream{.seed = 4}).value());
    std::vector<double> means(expected.size());
    for (size_t i = 0; i < drawn.size(); ++i) means[i % means.size()] += double{drawn[i]} / kCopies;
    for (size_t i = 0; i < means.size(); ++i) {
      EXPECT_NEAR(means[i], expected[i], 6 * (4.0 / 2) / std::sqrt(kCopies)) << "output " << i;
    }
  }
}

// 1 where the maximum was taken, 0 where the average: copies of one window tell them apart.
std::vector<int> coins(MixedPer per, uint32_t step) {
  const Variable x(copies_of_one_window());
  const float most = *std::max_element(kCells.begin(), kCells.end());
  std::vector<int> sides;
  for (const float y :
       nchw_from_images(random_mixed_pool2d(x, per, {.seed = 9, .step = step}, kWhole).value())) {
    EXPECT_TRUE(y == most || y == 1.f) << y;  // the six cells add up to 6
    sides.push_back(y == most ? 1 : 0);
  }
  return sides;
}

TEST(RandomMixedStatistics, TheCoinIsFair) {
  const std::vector<int> sides = coins(MixedPer::kRegion, 0);
  const auto heads = static_cast<int>(std::count(sides.begin(), sides.end(), 1));
  EXPECT_LT(chi_square({heads, kDraws - heads}, {0.5, 0.5}), critical(1));
  int layer_heads = 0, channel_heads = 0;
  constexpr int kSteps = 64;
  for (uint32_t step = 0; step < kSteps; ++step) {
    layer_heads += coins(MixedPer::kLayer, step)[0];
    const std::vector<int> channels = coins(MixedPer::kChannel, step);
    channel_heads +=
        static_cast<int>(std::count(channels.begin(), channels.begin() + kChannels, 1));
  }
  EXPECT_LT(chi_square({layer_heads, kSteps - layer_heads}, {0.5, 0.5}), critical(1));
  EXPECT_LT(chi_square({channel_heads, kSteps * kChannels - channel_heads}, {0.5, 0.5}),
            critical(1));
}

TEST(RandomMixedStatistics, OneCoinForTheLayerOrForEachChannel) {
  const std::vector<int> layer = coins(MixedPer::kLayer, 1),
                         channels = coins(MixedPer::kChannel, 1);
  for (size_t i = 0; i < layer.size(); ++i) {
    ASSERT_EQ(layer[i], layer[0]);
    ASSERT_EQ(channels[i], channels[i % kChannels]);
  }
}

}  // namespace
}  // namespace weir
