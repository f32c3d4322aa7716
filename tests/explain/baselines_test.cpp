#include "explain/measure/baselines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "explain/measure/localization.h"

namespace weir::testing {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::Ge;
using ::testing::Lt;
using ::testing::SizeIs;

TEST(Baselines, RandomMapsAreAFunctionOfSeedAndPicture) {
  const HeatMap like{.height = 3, .width = 4, .values = std::vector<float>(12, 7.f)};
  const HeatMap map = random_map(like, 1, 5);
  EXPECT_EQ(map.height, 3);
  EXPECT_EQ(map.width, 4);
  EXPECT_THAT(map.values, AllOf(SizeIs(12), Each(AllOf(Ge(0.f), Lt(1.f)))));
  EXPECT_EQ(random_map(like, 1, 5), map);
  EXPECT_NE(random_map(like, 1, 6), map);
  EXPECT_NE(random_map(like, 2, 5), map);
}

ObjectPlace place(const Box& box) { return {.height = 9, .width = 12, .box = box, .mask = {}}; }

// Held out are the first and the seventh: widths 4 and 7, heights 2 and 3; the means are rounded.
TEST(Baselines, TheCentreBoxHasTheMeanSizeOfTheHeldOutObjects) {
  std::vector<ObjectPlace> places(7, place({.left = 0, .top = 0, .right = 12, .bottom = 9}));
  places[0] = place({.left = 1, .top = 1, .right = 5, .bottom = 3});
  places[6] = place({.left = 0, .top = 4, .right = 7, .bottom = 7});
  const std::vector<HeatMap> maps = centre_boxes(places);
  ASSERT_THAT(maps, SizeIs(7));
  for (const HeatMap& map : maps) {
    for (int y = 0; y < 9; ++y) {
      for (int x = 0; x < 12; ++x) {
        // 6 x 3 in the middle of 12 x 9.
        EXPECT_EQ(map.at(y, x), x >= 3 && x < 9 && y >= 3 && y < 6 ? 1.f : 0.f);
      }
    }
  }
}

// 36 cells of 108 are the object, wherever it is: that is what a map finds that knows nothing.
TEST(Baselines, ARandomMapHasTheEnergyOfTheArea) {
  constexpr int kPictures = 400;
  std::vector<HeatMap> maps;
  std::vector<ObjectPlace> places;
  const HeatMap like{.height = 9, .width = 12, .values = std::vector<float>(108)};
  for (int i = 0; i < kPictures; ++i) {
    maps.push_back(random_map(like, 3, i));
    const int left = i % 7, top = i % 3;
    places.push_back(place({.left = left, .top = top, .right = left + 6, .bottom = top + 6}));
  }
  const LocalizationScores scores = measure_localization(maps, places);
  EXPECT_EQ(scores.pictures, 320);
  // Standard deviation of a share: about sqrt(1/3 * 2/3 / 108 / 3) in each picture (a uniform value
  // varies by a third of its mean), and of 320 of them 0.0015; of pointing sqrt(2/9 / 320) = 0.026.
  EXPECT_NEAR(scores.energy, 1. / 3, 4 * 0.0015);
  EXPECT_NEAR(scores.pointing, 1. / 3, 4 * 0.026);
}

}  // namespace
}  // namespace weir::testing
