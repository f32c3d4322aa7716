// The measures over many pictures, with maps whose answers are known.
#include "explain/measure/localization.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/kernels/conditions.h"
#include "tests/support/message_of.h"

namespace weir::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kSide = 10;

ObjectPlace place(const Box& box) {
  return {.height = kSide, .width = kSide, .box = box, .mask = {}};
}

// `inside` in the box, `around` in a larger one, 0 elsewhere.
HeatMap steps(const Box& box, float inside, const Box& larger, float around) {
  HeatMap map{.height = kSide, .width = kSide, .values = {}};
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      map.values.push_back(box.contains(y, x) ? inside : larger.contains(y, x) ? around : 0.f);
    }
  }
  return map;
}

const Box kTruth{.left = 2, .top = 2, .right = 6, .bottom = 6};   // 16 pixels
const Box kLarger{.left = 1, .top = 1, .right = 9, .bottom = 9};  // 64
const Box kAway{.left = 7, .top = 0, .right = 9, .bottom = 1};

// Ten classes that come in turn: each is held out once in fifty.
TEST(Localization, EveryFifthPictureIsHeldOutWhateverTheOrder) {
  std::vector<int> found(10);
  for (int i = 0; i < 50; ++i) found[size_t(i % 10)] += is_held_out(i);
  EXPECT_THAT(found, ::testing::Each(1));
}

TEST(Localization, MapsThatAreTheBoxAreRight) {
  const std::vector<HeatMap> maps(7, steps(kTruth, 2, kTruth, 2));
  const std::vector<ObjectPlace> places(7, place(kTruth));
  const LocalizationScores scores = measure_localization(maps, places);
  EXPECT_EQ(scores.pictures, 5);  // 0 and 6 are held out
  EXPECT_EQ(scores.gt_known, 1);
  EXPECT_EQ(scores.max_box_acc_v2, 1);
  EXPECT_EQ(scores.pointing, 1);
  EXPECT_EQ(scores.energy, 1);
  EXPECT_EQ(scores.without_box, 0);
  EXPECT_FALSE(scores.mask_pointing);
  EXPECT_FALSE(scores.mask_energy);
}

// 1 in the true box, 0.3 around: above 20% everything is one box, with 16 / 64 in common. A
// threshold between 0.30 and 0.99 finds the true box, and the middle of these is taken.
TEST(Localization, ThresholdsAreChosenOnTheHeldOutPictures) {
  const std::vector<HeatMap> maps(10, steps(kTruth, 1, kLarger, 0.3f));
  const std::vector<ObjectPlace> places(10, place(kTruth));
  const LocalizationScores scores = measure_localization(maps, places);
  EXPECT_EQ(scores.gt_known, 0);
  EXPECT_THAT(scores.box_acc, ElementsAre(1, 1, 1));
  for (const double threshold : scores.thresholds) {
    EXPECT_GE(threshold, 0.64);
    EXPECT_LE(threshold, 0.65);
  }
  // 16 of 16 + 48 * 0.3.
  EXPECT_NEAR(scores.energy, 16 / 30.4, 1e-6);
}

// The held-out pictures (0 and 6) ask for a high threshold, at which the others have lost the box:
// what suits the scored pictures does not count.
TEST(Localization, ThresholdsAreNotChosenOnTheScoredPictures) {
  std::vector<HeatMap> maps(10, steps(kAway, 1, kTruth, 0.3f));
  maps[0] = maps[6] = steps(kTruth, 1, kLarger, 0.3f);
  const std::vector<ObjectPlace> places(10, place(kTruth));
  const LocalizationScores scores = measure_localization(maps, places);
  EXPECT_THAT(scores.box_acc, ElementsAre(0, 0, 0));
  EXPECT_EQ(scores.max_box_acc_v2, 0);
  // Largest region above 20%: the true box; the highest cells are away from it.
  EXPECT_EQ(scores.gt_known, 1);
  EXPECT_EQ(scores.pointing, 0);
}

// Overlaps of 0.3, 0.5 and 0.7 count from exactly there.
TEST(Localization, EachOverlapHasItsOwnBound) {
  const Box truth{.left = 0, .top = 0, .right = 10, .bottom = 1};
  std::vector<HeatMap> maps;
  for (const int width : {10, 2, 3, 5, 7, 4, 10, 6, 9, 10}) {
    const Box box{.left = 0, .top = 0, .right = width, .bottom = 1};
    maps.push_back(steps(box, 1, box, 1));
  }
  const std::vector<ObjectPlace> places(10, place(truth));
  const LocalizationScores scores = measure_localization(maps, places);
  // Scored: 2, 3, 5, 7 and 4, 6, 9, 10 tenths.
  EXPECT_THAT(scores.box_acc, ElementsAre(7. / 8, 5. / 8, 3. / 8));
  EXPECT_DOUBLE_EQ(scores.max_box_acc_v2, 5. / 8);
  EXPECT_EQ(scores.gt_known, 5. / 8);
}

// Maps of fewer cells are resized: 2 x 2 cells of which one is high.
TEST(Localization, SmallMapsAreResizedToThePicture) {
  const HeatMap map{.height = 2, .width = 2, .values = {0, 0, 1, 0}};
  const std::vector<HeatMap> maps(3, map);
  const std::vector<ObjectPlace> places(3, place({.left = 0, .top = 5, .right = 5, .bottom = 10}));
  const LocalizationScores scores = measure_localization(maps, places);
  EXPECT_EQ(scores.pointing, 1);
  EXPECT_GT(scores.energy, 0.7);
}

TEST(Localization, MasksAndMapsWithoutAValueAboveZero) {
  std::vector<HeatMap> maps(4, steps(kTruth, 1, kTruth, 1));
  maps[1] = steps(kTruth, -1, kTruth, -1);
  ObjectPlace object = place(kTruth);
  object.mask.assign(kSide * kSide, 0);
  object.mask[2 * kSide + 2] = object.mask[3 * kSide + 2] = 1;  // 2 of the 16 cells
  const LocalizationScores scores = measure_localization(maps, std::vector<ObjectPlace>(4, object));
  EXPECT_EQ(scores.pictures, 3);
  EXPECT_EQ(scores.without_box, 1);
  EXPECT_DOUBLE_EQ(scores.gt_known, 2. / 3);
  EXPECT_DOUBLE_EQ(scores.energy, 2. / 3);
  // All 16 cells are equally high; in the picture without, the 84 others are.
  EXPECT_DOUBLE_EQ(scores.mask_pointing.value(), (2. / 16 + 2. / 16) / 3);
  EXPECT_DOUBLE_EQ(scores.mask_energy.value(), (2. / 16 + 2. / 16) / 3);
}

TEST(Localization, ThreadsChangeNothing) {
  std::vector<HeatMap> maps;
  std::vector<ObjectPlace> places;
  for (int i = 0; i < 20; ++i) {
    const Box box{.left = i % 4, .top = i % 3, .right = 5 + i % 5, .bottom = 8};
    maps.push_back(steps(box, 1, kLarger, 0.1f * static_cast<float>(i % 7)));
    places.push_back(place(kTruth));
  }
  expect_same_bytes_for_any_threads([&] {
    const LocalizationScores scores = measure_localization(maps, places);
    return std::vector{
        Tensor::from({static_cast<float>(scores.max_box_acc_v2), static_cast<float>(scores.energy),
                      static_cast<float>(scores.gt_known)},
                     {3})};
  });
}

TEST(Localization, NeedsAMapForEachPlace) {
  const std::vector<HeatMap> one(1, steps(kTruth, 1, kTruth, 1));
  const std::vector<ObjectPlace> places(2, place(kTruth));
  EXPECT_THAT(message_of([&] { measure_localization(one, places); }), HasSubstr("found 1 and 2"));
  EXPECT_THAT(message_of([&] { measure_localization(one, std::span(places).first(1)); }),
              HasSubstr("at least 2"));
}

}  // namespace
}  // namespace weir::testing
