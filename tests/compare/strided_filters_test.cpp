// Filters laid beside those of pooling: numbers worked by hand.
#include "compare/report/strided_filters.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "layers/conv2d.h"
#include "layers/pool2d.h"

namespace weir {
namespace {

using ::testing::ElementsAre;

// A cosine is two square roots, one division and sums of at most 9 products of small whole numbers,
// which are exact: 4 roundings of 2^-53 each.
constexpr double kRounding = 4 * 0x1p-53;

int64_t total(const Cosines& cosines) {
  int64_t sum = 0;
  for (const int64_t count : cosines.counts) sum += count;
  return sum;
}

// Two input channels, two output channels, 3x3. From 0 to 0 the box, from 1 to 1 twice the delta,
// from 0 to 1 an edge of sum 0, from 1 to 0 nothing.
Tensor two_channels() {
  return Tensor::from({1, 1, 1,  1, 1, 1,  1, 1, 1,   // out 0, in 0
                       0, 0, 0,  0, 0, 0,  0, 0, 0,   // out 0, in 1
                       1, 0, -1, 2, 0, -2, 1, 0, -1,  // out 1, in 0
                       0, 0, 0,  0, 2, 0,  0, 0, 0},  // out 1, in 1
                      {2, 2, 3, 3});
}

TEST(StridedFilters, MeansAndGainsOfAllFilters) {
  const StridedFilters found = describe_filters(two_channels(), 2);
  EXPECT_EQ(found.in_channels, 2);
  EXPECT_EQ(found.out_channels, 2);
  EXPECT_EQ(found.all.count, 4);
  EXPECT_EQ(found.all.zero, 1);
  EXPECT_THAT(found.all.mean, ElementsAre(0.5, 0.25, 0, 0.75, 0.75, -0.25, 0.5, 0.25, 0));
  EXPECT_THAT(found.all.mean_absolute,
              ElementsAre(0.5, 0.25, 0.5, 0.75, 0.75, 0.75, 0.5, 0.25, 0.5));
  EXPECT_EQ(found.all.dc_gain.mean, (9 + 0 + 0 + 2) / 4.0);
  EXPECT_EQ(found.all.dc_gain.smallest, 0);
  EXPECT_EQ(found.all.dc_gain.largest, 9);
  EXPECT_EQ(total(found.all.box), 3);  // nothing has no cosine
}

TEST(StridedFilters, CosinesToTheFiltersOfPooling) {
  const StridedFilters found = describe_filters(two_channels(), 2);
  ASSERT_TRUE(found.same_channel);
  const FilterGroup& own = *found.same_channel;
  EXPECT_EQ(own.count, 2);
  // The box with itself 1, the delta with the box 1/3. The binomial [1 2 1; 2 4 2; 1 2 1] has
  // length 6: with the box 16 / (6 * 3), with the delta 4 / 6.
  EXPECT_NEAR(own.box.summary->largest, 1, kRounding);
  EXPECT_NEAR(own.box.summary->smallest, 1.0 / 3, kRounding);
  EXPECT_NEAR(own.delta.summary->largest, 1, kRounding);
  EXPECT_NEAR(own.delta.summary->smallest, 1.0 / 3, kRounding);
  EXPECT_NEAR(own.binomial.summary->largest, 16.0 / 18, kRounding);
  EXPECT_NEAR(own.binomial.summary->smallest, 2.0 / 3, kRounding);
  // Bins of 0.1 from -1 on: 1/3 lies in the 14th, 1 in the last.
  EXPECT_EQ(own.box.counts[13], 1);
  EXPECT_EQ(own.box.counts[19], 1);
  EXPECT_EQ(total(own.box), 2);
  // The edge has no mean: its cosine is 0, which begins the 11th bin.
  EXPECT_EQ(found.all.box.counts[10], 1);
  // Squares: 9 and 4 of the own channels, 12 of the edge.
  EXPECT_EQ(*found.same_channel_energy, 13.0 / 25);
}

TEST(StridedFilters, TheNegativeOfAFilterIsMinusOne) {
  const StridedFilters found =
      describe_filters(Tensor::from({-1, -1, -1, -1, -1, -1, -1, -1, -1}, {1, 1, 3, 3}), 1);
  EXPECT_NEAR(found.all.box.summary->mean, -1, kRounding);
  EXPECT_EQ(found.all.box.counts[0], 1);
  EXPECT_EQ(found.all.dc_gain.mean, -9);
  EXPECT_EQ(found.all.dc_gain.deviation, 0);
}

// 2x3: the middle tap of the delta is the one at row 0, column 1; the binomial is [1 1] by [1 2 1].
TEST(StridedFilters, KernelsNeedNotBeSquareNorOdd) {
  const StridedFilters found = describe_filters(Tensor::from({0, 5, 0, 0, 0, 0}, {1, 1, 2, 3}), 1);
  EXPECT_EQ(found.kernel_h, 2);
  EXPECT_EQ(found.kernel_w, 3);
  EXPECT_NEAR(found.all.delta.summary->mean, 1, kRounding);
  EXPECT_NEAR(found.all.box.summary->mean, 1 / std::sqrt(6.0), kRounding);
  EXPECT_NEAR(found.all.binomial.summary->mean, 2 / std::sqrt(12.0), kRounding);
}

// Two groups of two channels: filter (3, 0) sees channel 2.
TEST(StridedFilters, ChannelsOfGroupsAreCountedFromTheFirstGroup) {
  std::vector<float> taps(4 * 2);
  for (size_t i = 0; i < taps.size(); ++i) taps[i] = static_cast<float>(i + 1);
  const StridedFilters found = describe_filters(Tensor::from(taps, {4, 2, 1, 1}), 4);
  ASSERT_TRUE(found.same_channel);
  EXPECT_EQ(found.all.count, 8);
  // Outputs 0 and 1 see channels 0 and 1, outputs 2 and 3 channels 2 and 3.
  std::vector<double> own;
  for (const ExampleFilter& example : found.examples) {
    EXPECT_EQ(example.out, example.in);
    own.push_back(example.taps[0]);
  }
  EXPECT_THAT(own, ElementsAre(1, 4, 5, 8));
}

TEST(StridedFilters, OtherNumbersOfChannelsHaveNoOwnOne) {
  const StridedFilters found = describe_filters(Tensor::full({2, 3, 1, 1}, 1), 3);
  EXPECT_FALSE(found.same_channel);
  EXPECT_FALSE(found.same_channel_energy);
  EXPECT_EQ(found.examples.size(), 6u);
}

TEST(StridedFilters, NothingButZerosHasNoShape) {
  const StridedFilters found = describe_filters(Tensor::zeros({2, 2, 3, 3}), 2);
  EXPECT_EQ(found.all.zero, 4);
  EXPECT_FALSE(found.all.box.summary);
  EXPECT_FALSE(found.same_channel_energy);
  EXPECT_TRUE(found.examples.empty());
}

// 23 filters [i, 46]: the larger i is, the nearer they come to [46, 46], the shape of the box. So
// the 12 at equal steps are every second one.
TEST(StridedFilters, ExamplesAreAtEqualStepsOfRank) {
  std::vector<float> taps;
  for (int i = 0; i < 23; ++i) taps.insert(taps.end(), {static_cast<float>(i), 46});
  const StridedFilters found = describe_filters(Tensor::from(taps, {23, 1, 1, 2}), 1);
  std::vector<int> outs;
  for (const ExampleFilter& example : found.examples) outs.push_back(example.out);
  EXPECT_THAT(outs, ElementsAre(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22));
}

TEST(StridedFilters, EveryConvolutionWithAStrideIsFound) {
  Sequential inner;
  inner.add("reduce", Conv2d{4, 5, {.kernel_size = {2, 3}, .stride = {1, 2}}});
  Sequential net;
  net.add("first", Conv2d{3, 4, {.kernel_size = 3, .padding = 1}});
  net.add("pool", MaxPool2d{{.kernel_size = 2}});
  net.add("block", std::move(inner));
  const std::vector<StridedFilters> found = strided_filters(net, {.c = 3, .h = 12, .w = 14});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].layer, "block.reduce");
  EXPECT_EQ(found[0].in_channels, 4);
  EXPECT_EQ(found[0].out_channels, 5);
  EXPECT_EQ(found[0].kernel_h, 2);
  EXPECT_EQ(found[0].kernel_w, 3);
  EXPECT_EQ(found[0].stride_h, 1);
  EXPECT_EQ(found[0].stride_w, 2);
}

}  // namespace
}  // namespace weir
