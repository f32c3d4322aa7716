// Boxes, regions and the measures of one map, worked by hand.
#include "explain/measure/map_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "explain/measure/regions.h"

namespace weir::testing {
namespace {

using ::testing::Each;
using ::testing::SizeIs;

TEST(Box, IntersectionOverUnion) {
  const Box a{.left = 1, .top = 2, .right = 5, .bottom = 4};  // 4 x 2
  EXPECT_EQ(intersection_over_union(a, a), 1);
  // 2 x 1 in common, 8 + 6 - 2 in all.
  EXPECT_EQ(intersection_over_union(a, {.left = 3, .top = 3, .right = 6, .bottom = 5}), 2. / 12);
  EXPECT_EQ(intersection_over_union(a, {.left = 5, .top = 2, .right = 6, .bottom = 4}), 0);
  EXPECT_EQ(intersection_over_union(a, {.left = 1, .top = 4, .right = 5, .bottom = 6}), 0);
  EXPECT_EQ(intersection_over_union({}, {}), 0);
}

TEST(Box, AroundAMask) {
  const std::vector<uint8_t> mask{0, 0, 0, 0,  //
                                  0, 0, 1, 0,  //
                                  0, 2, 0, 0};
  EXPECT_EQ(box_around(mask, 3, 4), (Box{.left = 1, .top = 1, .right = 3, .bottom = 3}));
  EXPECT_EQ(box_around(std::vector<uint8_t>(12), 3, 4), Box{});
}

// 4 x 6: a region of 4 cells that touch at a corner only, one of 3, one of a single cell.
const HeatMap kMap{.height = 4, .width = 6, .values = {5, 9, 0, 0, 0, 4,  //
                                                       0, 0, 6, 0, 0, 4,  //
                                                       0, 0, 6, 0, 0, 4,  //
                                                       1, 0, 0, 0, 0, 0}};

TEST(Regions, CellsThatTouchAlsoAtACorner) {
  const std::vector<Region> regions = regions_above(kMap, 0.5f);
  ASSERT_THAT(regions, SizeIs(3));
  EXPECT_EQ(regions[0].cells, 4);
  EXPECT_EQ(regions[0].box, (Box{.left = 0, .top = 0, .right = 3, .bottom = 3}));
  EXPECT_EQ(regions[1].cells, 3);
  EXPECT_EQ(regions[1].box, (Box{.left = 5, .top = 0, .right = 6, .bottom = 3}));
  EXPECT_EQ(regions[2].box, (Box{.left = 0, .top = 3, .right = 1, .bottom = 4}));
  // Strictly above, and a region that goes around others is one.
  EXPECT_THAT(regions_above(kMap, 5), SizeIs(1));
  EXPECT_THAT(regions_above(kMap, 9), SizeIs(0));
  EXPECT_THAT(regions_above(kMap, -1), SizeIs(1));
}

// 20% of 9 is 1.8: the cell of 1 is out, and the region of 4 is the largest.
TEST(MapScores, TheBoxOfTheLargestRegionAboveAFifth) {
  EXPECT_EQ(object_box(kMap), (Box{.left = 0, .top = 0, .right = 3, .bottom = 3}));
  HeatMap equal = kMap;
  equal.values[0] = 0;  // now both have 3 cells: the first one
  EXPECT_EQ(object_box(equal), (Box{.left = 1, .top = 0, .right = 3, .bottom = 3}));
  equal.values[1] = 1;
  equal.values[8] = 0;
  EXPECT_EQ(object_box(equal), (Box{.left = 5, .top = 0, .right = 6, .bottom = 3}));
}

TEST(MapScores, NoBoxWithoutAPositiveValue) {
  EXPECT_FALSE(object_box({.height = 1, .width = 3, .values = {-1, -2, 0}}));
  // Negative values are below any threshold.
  EXPECT_EQ(object_box({.height = 1, .width = 3, .values = {-9, 1, 0.1f}}),
            (Box{.left = 1, .top = 0, .right = 2, .bottom = 1}));
}

ObjectPlace place(Box box, std::vector<uint8_t> mask = {}) {
  return {.height = 4, .width = 6, .box = box, .mask = std::move(mask)};
}

TEST(MapScores, PointingAsksForTheHighestCell) {
  EXPECT_EQ(pointing(kMap, place({.left = 1, .top = 0, .right = 2, .bottom = 1}), false), 1);
  EXPECT_EQ(pointing(kMap, place({.left = 2, .top = 0, .right = 6, .bottom = 4}), false), 0);
  HeatMap tied = kMap;
  tied.values[8] = tied.values[14] = 9;  // three cells: one in the box
  EXPECT_DOUBLE_EQ(pointing(tied, place({.left = 0, .top = 0, .right = 2, .bottom = 2}), false),
                   1. / 3);
  // A map of one value points everywhere: the area of the box.
  const HeatMap flat{.height = 4, .width = 6, .values = std::vector<float>(24, -2.f)};
  EXPECT_DOUBLE_EQ(pointing(flat, place({.left = 0, .top = 0, .right = 3, .bottom = 2}), false),
                   6. / 24);
}

TEST(MapScores, EnergyIsTheShareOfThePositiveValues) {
  // In all 5 + 9 + 6 + 6 + 4 + 4 + 4 + 1 = 39; in the box 9 + 6 + 6.
  const Box box{.left = 1, .top = 0, .right = 3, .bottom = 3};
  EXPECT_DOUBLE_EQ(energy(kMap, place(box), false), 21. / 39);
  HeatMap negative = kMap;
  negative.values[7] = -100;  // inside: counts as 0
  negative.values[23] = -100;
  EXPECT_DOUBLE_EQ(energy(negative, place(box), false), 21. / 39);
  EXPECT_EQ(
      energy({.height = 4, .width = 6, .values = std::vector<float>(24, -1.f)}, place(box), false),
      0);
}

// The mask leaves out a cell of the box.
TEST(MapScores, AMaskIsNotItsBox) {
  std::vector<uint8_t> mask(24, 0);
  for (const size_t i : {0, 8, 14}) mask[i] = 1;
  const ObjectPlace object = place(box_around(mask, 4, 6), mask);
  EXPECT_EQ(object.box, (Box{.left = 0, .top = 0, .right = 3, .bottom = 3}));
  EXPECT_EQ(pointing(kMap, object, false), 1);
  EXPECT_EQ(pointing(kMap, object, true), 0);
  EXPECT_DOUBLE_EQ(energy(kMap, object, true), 17. / 39);
}

// Values 0 to 9: threshold t is 9 t / 100. The true box is that of the right column.
TEST(MapScores, BestOverlapsOfAllRegionsAtEveryThreshold) {
  const Box truth{.left = 5, .top = 0, .right = 6, .bottom = 4};
  const auto best = best_overlaps(kMap, truth);
  EXPECT_EQ(best[0], 3. / 4);   // of three regions, the right column's 3 of 4 cells
  EXPECT_EQ(best[44], 3. / 4);  // 3.96
  EXPECT_EQ(best[45], 0);       // 4.05: the column is gone
  EXPECT_EQ(best[99], 0);
  // Against the corner: above 0.5 the box of 3 x 3; above 5.4 the columns 1 and 2; above 6.03 one
  // cell.
  const auto corner = best_overlaps(kMap, {.left = 0, .top = 0, .right = 3, .bottom = 3});
  EXPECT_EQ(corner[10], 1);
  EXPECT_EQ(corner[60], 6. / 9);
  EXPECT_EQ(corner[67], 1. / 9);
  EXPECT_EQ(corner[99], 1. / 9);
}

// min-max: adding a number or a positive factor changes nothing.
TEST(MapScores, OverlapsDoNotDependOnTheScale) {
  HeatMap scaled = kMap;
  for (float& value : scaled.values) value = 4 * value - 16;
  const Box truth{.left = 0, .top = 0, .right = 3, .bottom = 3};
  EXPECT_EQ(best_overlaps(scaled, truth), best_overlaps(kMap, truth));
  const HeatMap flat{.height = 2, .width = 2, .values = {3, 3, 3, 3}};
  EXPECT_THAT(best_overlaps(flat, {.left = 0, .top = 0, .right = 2, .bottom = 2}), Each(0));
}

}  // namespace
}  // namespace weir::testing
