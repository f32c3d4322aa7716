#include "core/functions/pixel_shuffle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/both_passes.h"
#include "tests/support/fill.h"
#include "tests/support/message_of.h"
#include "tests/support/planes.h"

namespace weir {
namespace {

using testing::both_passes;
using ::testing::HasSubstr;
using testing::random_images;

// Asymmetric maps; 33 * 17 lanes leave a remainder behind whole registers.
constexpr int kH = 2, kW = 3;

// deep(n, channel, y, x) against wide, by counting through wide's pixels.
void expect_permuted(const Tensor& wide, const Tensor& deep, int factor) {
  for (int n = 0; n < wide.n(); ++n) {
    for (int c = 0; c < wide.c(); ++c) {
      for (int row = 0; row < wide.h(); ++row) {
        for (int column = 0; column < wide.w(); ++column) {
          const int channel = (c * factor + row % factor) * factor + column % factor;
          ASSERT_EQ(testing::Plane(deep, n, channel).at(row / factor, column / factor),
                    testing::Plane(wide, n, c).at(row, column))
              << "factor " << factor << ", image " << n << ", channel " << c << ", pixel " << row
              << " " << column;
        }
      }
    }
  }
}

TEST(PixelShuffle, MovesEveryValueToItsPlaceAndBack) {
  testing::for_each_isa([] {
    for (const int factor : {1, 2, 3, 5}) {
      for (const auto& [n, c] : {std::pair{1, 3}, {3, 6}, {32, 1}, {33, 17}}) {
        const Tensor wide = random_images(n, c, kH * factor, kW * factor, 1);
        const Tensor deep = random_images(n, c * factor * factor, kH, kW, 2);
        const auto down =
            both_passes([&](const Variable& x) { return pixel_unshuffle(x, factor); }, wide, deep);
        expect_permuted(wide, down.y, factor);
        expect_permuted(down.dx, deep, factor);
        const auto up =
            both_passes([&](const Variable& x) { return pixel_shuffle(x, factor); }, deep, wide);
        expect_permuted(up.y, deep, factor);
        expect_permuted(wide, up.dx, factor);
        testing::expect_padded_rows_zero(down.dx);
        testing::expect_padded_rows_zero(up.dx);
      }
    }
  });
}

TEST(PixelShuffle, Bfloat16MovesTheSameValues) {
  testing::for_each_isa([] {
    for (const int factor : {2, 3}) {
      const Tensor wide = testing::rounded(random_images(35, 6, kH * factor, kW * factor, 1));
      const Tensor deep = testing::rounded(random_images(35, 6 * factor * factor, kH, kW, 2));
      const auto down = [&](const Variable& x) { return pixel_unshuffle(x, factor); };
      const auto narrow = both_passes(down, wide, deep);
      const auto floats = both_passes(down, testing::widened(wide), testing::widened(deep));
      testing::expect_same_bytes(narrow.y, testing::rounded(floats.y));
      testing::expect_same_bytes(narrow.dx, testing::rounded(floats.dx));
    }
  });
}

TEST(PixelShuffle, ThreadsDoNotChangeAByte) {
  const Tensor wide = random_images(40, 17, 6, 4, 1), deep = random_images(40, 68, 3, 2, 2);
  testing::expect_same_bytes_for_any_threads([&] {
    const auto passes =
        both_passes([&](const Variable& x) { return pixel_unshuffle(x, 2); }, wide, deep);
    return std::vector<Tensor>{passes.y, passes.dx};
  });
}

TEST(PixelShuffle, ErrorsNameTheNumbers) {
  const Variable x(Tensor::images_zeros(2, 6, 4, 6));
  EXPECT_THAT(testing::message_of([&] { pixel_unshuffle(x, 3); }),
              HasSubstr("expected a divisor of height 4 and width 6, got 3"));
  EXPECT_THAT(testing::message_of([&] { pixel_unshuffle(x, 0); }), HasSubstr("got 0"));
  EXPECT_THAT(testing::message_of([&] { pixel_shuffle(x, 2); }),
              HasSubstr("expected one whose square divides the 6 channels, got 2"));
  EXPECT_THAT(testing::message_of([&] { pixel_shuffle(x, 1 << 16); }), HasSubstr("got 65536"));
}

}  // namespace
}  // namespace weir
