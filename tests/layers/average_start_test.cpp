// A convolution that begins as average pooling.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/tensor/layout.h"
#include "layers/layers.h"
#include "tests/support/fill.h"
#include "tests/support/message_of.h"
#include "tests/support/planes.h"

namespace weir {
namespace {

using ::testing::HasSubstr;

// The mean over the cells of a window whose padding counts as zeros; nothing of this is the
// library's.
double mean_at(const testing::Plane& plane, int height, int width, Pair kernel, Pair origin) {
  double sum = 0;
  for (int y = origin.h; y < origin.h + kernel.h; ++y) {
    for (int x = origin.w; x < origin.w + kernel.w; ++x) {
      if (y >= 0 && y < height && x >= 0 && x < width) sum += double{plane.at(y, x)};
    }
  }
  return sum / (kernel.h * kernel.w);
}

class AverageStart : public ::testing::TestWithParam<Conv2d::Options> {};

TEST_P(AverageStart, IsAveragePooling) {
  const Conv2d::Options options = GetParam();
  const AverageWindow average = *options.average;
  constexpr int kN = 3, kC = 5, kH = 9, kW = 6;
  for (const char* method : {"kaiming_normal", "pytorch", "orthogonal"}) {
    Sequential net{Conv2d{kC, kC, options}};
    initialize(net, {.method = method, .seed = 4});
    const Tensor x = testing::random_images(kN, kC, kH, kW, 5);
    const Tensor y = net.forward(Variable(x), {}).value();
    for (int n = 0; n < kN; ++n) {
      for (int c = 0; c < kC; ++c) {
        for (int oy = 0; oy < y.h(); ++oy) {
          for (int ox = 0; ox < y.w(); ++ox) {
            const Pair origin(oy * options.stride.h - average.padding.h,
                              ox * options.stride.w - average.padding.w);
            // At most 9 cells of magnitude 1, each rounded when it is divided, multiplied and
            // added; Winograd's sums, which stride 1 may take, are up to 4 times as large.
            EXPECT_NEAR(double{testing::Plane(y, n, c).at(oy, ox)},
                        mean_at(testing::Plane(x, n, c), kH, kW, average.kernel_size, origin),
                        4 * 3 * 9 * 0x1p-24);
          }
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Windows, AverageStart,
    ::testing::Values(
        Conv2d::Options{.kernel_size = 3, .stride = 2, .padding = 1, .average = {{2, 0}}},
        Conv2d::Options{.kernel_size = 3, .stride = 2, .padding = 1, .average = {{3, 1}}},
        Conv2d::Options{.kernel_size = 2, .stride = 2, .average = {{2, 0}}},
        Conv2d::Options{.kernel_size = 3, .padding = 1, .average = {{3, 1}}},
        Conv2d::Options{
            .kernel_size = {3, 2}, .stride = {2, 1}, .padding = {1, 0}, .average = {{{2, 1}, 0}}}));

TEST(AverageStartRules, KeepsTheScaleThatLsuvGivesToOthers) {
  Sequential net{Conv2d{4, 4, {.kernel_size = 2, .stride = 2, .average = {{2, 0}}}},
                 Conv2d{4, 4, {.kernel_size = 3}}};
  initialize(net, {.method = "lsuv", .seed = 1, .batch = testing::random_images(4, 4, 9, 8, 2)});
  EXPECT_EQ(net.parameters()[0].variable.value().data()[0], 0.25f);
}

std::string refusal(int in, int out, const Conv2d::Options& options) {
  return testing::message_of([&] { Conv2d(in, out, options); });
}

TEST(AverageStartRules, RefusesWhatIsNoAveragePooling) {
  EXPECT_THAT(refusal(4, 6, {.kernel_size = 3, .padding = 1, .average = {{2, 0}}}),
              HasSubstr("as many channels out as in, no groups and no dilation; got 4 to 6"));
  EXPECT_THAT(refusal(4, 4, {.kernel_size = 3, .padding = 1, .groups = 4, .average = {{2, 0}}}),
              HasSubstr("groups 4"));
  EXPECT_THAT(refusal(4, 4, {.kernel_size = 3, .padding = 1, .average = {{3, 0}}}),
              HasSubstr("an average over 3 with padding 0 does not lie inside the convolution's "
                        "window, 3 with padding 1"));
  EXPECT_THAT(refusal(4, 4, {.kernel_size = 3, .average = {{2, 1}}}),
              HasSubstr("does not lie inside"));
}

}  // namespace
}  // namespace weir
