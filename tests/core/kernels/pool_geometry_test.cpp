#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/kernels/pool/geometry.h"

namespace weir {
namespace {

using kernels::PoolAxis;

using Pairs = std::vector<std::pair<int, int>>;

Pairs covers(const PoolAxis& axis, int input) {
  Pairs pairs;
  for (const kernels::PoolCover& cover : axis.covers(input)) {
    pairs.push_back({cover.output, cover.tap});
  }
  return pairs;
}

// in 7, kernel 3, stride 2, padding 1: windows {-1 0 1} {1 2 3} {3 4 5} {5 6 7}.
TEST(PoolAxis, SpansByHand) {
  const PoolAxis axis(Axis{.in = 7, .kernel = 3, .stride = 2, .pad = 1});
  ASSERT_EQ(axis.out(), 4);
  EXPECT_EQ(axis.span(0).first_input, 0);
  EXPECT_EQ(axis.span(0).first_tap, 1);
  EXPECT_EQ(axis.span(0).taps, 2);
  EXPECT_EQ(axis.span(0).padded, 3);
  EXPECT_EQ(axis.span(3).first_input, 5);
  EXPECT_EQ(axis.span(3).first_tap, 0);
  EXPECT_EQ(axis.span(3).taps, 2);
  EXPECT_EQ(covers(axis, 0), (Pairs{{0, 1}}));
  EXPECT_EQ(covers(axis, 3), (Pairs{{1, 2}, {2, 0}}));
}

// in 5, kernel 2, stride 3, ceil_mode: windows {0 1} {3 4}; nothing reads input 2.
TEST(PoolAxis, AnInputBetweenWindowsHasNoCover) {
  const PoolAxis axis(Axis{.in = 5, .kernel = 2, .stride = 3, .ceil_mode = true});
  EXPECT_EQ(axis.out(), 2);
  EXPECT_TRUE(covers(axis, 2).empty());
  EXPECT_EQ(covers(axis, 4), (Pairs{{1, 1}}));
}

// in 4, kernel 3, stride 2, ceil_mode: the second window {2 3 4} overhangs, and 4 never counts.
TEST(PoolAxis, TheOverhangOfCeilModeIsNotPadding) {
  const PoolAxis axis(Axis{.in = 4, .kernel = 3, .stride = 2, .ceil_mode = true});
  ASSERT_EQ(axis.out(), 2);
  EXPECT_EQ(axis.span(1).taps, 2);
  EXPECT_EQ(axis.span(1).padded, 2);
}

// in 1, kernel 2, dilation 2, padding 1: the only window {-1 1} misses the image.
TEST(PoolAxis, AWindowMayHoldNoInput) {
  const PoolAxis axis(Axis{.in = 1, .kernel = 2, .pad = 1, .dilation = 2});
  ASSERT_EQ(axis.out(), 1);
  EXPECT_EQ(axis.span(0).taps, 0);
  EXPECT_TRUE(covers(axis, 0).empty());
}

TEST(PoolAxis, AdaptiveWindowsByHand) {
  const PoolAxis axis = PoolAxis::adaptive(7, 3);  // {0 1 2} {2 3 4} {4 5 6}
  EXPECT_EQ(axis.kernel(), 3);
  EXPECT_EQ(axis.span(1).first_input, 2);
  EXPECT_EQ(axis.span(1).taps, 3);
  EXPECT_EQ(covers(axis, 2), (Pairs{{0, 2}, {1, 0}}));
  EXPECT_EQ(PoolAxis::adaptive(2, 5).span(2).taps, 2);  // more outputs than inputs: {0 1}
  EXPECT_EQ(PoolAxis::adaptive(2, 5).span(3).first_input, 1);
}

}  // namespace
}  // namespace weir
