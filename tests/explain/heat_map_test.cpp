#include "explain/heat_map.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fill.h"
#include "tests/support/message_of.h"

namespace weir::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::HasSubstr;

// From the definition: between the four cells around the new one's centre; beyond the outermost
// centres the map goes on as it is.
double bilinear(const HeatMap& map, double y, double x) {
  const auto at = [&](int row, int column) {
    return double{map.at(std::clamp(row, 0, map.height - 1), std::clamp(column, 0, map.width - 1))};
  };
  const int top = static_cast<int>(std::floor(y)), left = static_cast<int>(std::floor(x));
  const double down = y - top, right = x - left;
  return (1 - down) * ((1 - right) * at(top, left) + right * at(top, left + 1)) +
         down * ((1 - right) * at(top + 1, left) + right * at(top + 1, left + 1));
}

TEST(HeatMap, ResizesBilinearly) {
  const HeatMap map{.height = 3, .width = 5, .values = random_values(15, 1, -2.f, 2.f)};
  for (const auto& [height, width] : {std::pair{7, 11}, {3, 20}, {12, 5}, {2, 3}, {1, 1}}) {
    const HeatMap large = resized(map, height, width);
    ASSERT_EQ(large.height, height);
    ASSERT_EQ(large.width, width);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const double expected =
            bilinear(map, (y + 0.5) * 3 / height - 0.5, (x + 0.5) * 5 / width - 0.5);
        // Two sums of two products of values below 2: at most 8 roundings of 2^-24.
        EXPECT_NEAR(large.at(y, x), expected, 8 * 2 * 0x1p-24) << y << ", " << x;
      }
    }
  }
  EXPECT_EQ(resized(map, 3, 5), map);
}

// The values of torch.nn.functional.interpolate(x, size=4, mode="bilinear") for x = 1, 3.
TEST(HeatMap, ResizesAsPyTorchDoes) {
  const HeatMap map{.height = 1, .width = 2, .values = {1, 3}};
  EXPECT_THAT(resized(map, 1, 4).values, ElementsAre(1, 1.5, 2.5, 3));
}

TEST(HeatMap, OneCellIsEverywhere) {
  const HeatMap map{.height = 1, .width = 1, .values = {-0.75f}};
  EXPECT_THAT(resized(map, 2, 3).values, ::testing::Each(FloatEq(-0.75f)));
}

TEST(HeatMap, RangeAndRectification) {
  const HeatMap map{.height = 2, .width = 2, .values = {-3, 0, 2, -1}};
  EXPECT_EQ(map.lowest(), -3);
  EXPECT_EQ(map.highest(), 2);
  EXPECT_THAT(rectified(map).values, ElementsAre(0, 0, 2, 0));
}

TEST(HeatMap, SizesBelowOneAreRefused) {
  const HeatMap map{.height = 1, .width = 1, .values = {1}};
  EXPECT_THAT(message_of([&] { resized(map, 0, 3); }),
              HasSubstr("at least 1, found 1 x 1 to 0 x 3"));
  EXPECT_THAT(message_of([] { resized({}, 1, 1); }), HasSubstr("found 0 x 0"));
}

}  // namespace
}  // namespace weir::testing
