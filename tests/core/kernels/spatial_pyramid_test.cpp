#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/functions/spatial_pyramid_pool2d.h"
#include "tests/support/both_passes.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"
#include "tests/support/message_of.h"
#include "tests/support/planes.h"

namespace weir {
namespace {

using testing::both_passes;
using ::testing::HasSubstr;
using testing::Plane;
using testing::random_images;

// Pixel `at` of `in` belongs to cell `cell` of `cells`: the two, drawn over each other, overlap.
bool in_cell(int at, int in, int cell, int cells) {
  return (at + 1) * cells > cell * in && at * cells < (cell + 1) * in;
}

float maximum_of_cell(const Plane& plane, int h, int w, int level, int cy, int cx) {
  float best = -INFINITY;
  for (int row = 0; row < h; ++row) {
    for (int column = 0; column < w; ++column) {
      if (in_cell(row, h, cy, level) && in_cell(column, w, cx, level)) {
        best = std::max(best, plane.at(row, column));
      }
    }
  }
  return best;
}

TEST(SpatialPyramid, FeaturesStandLevelByLevelInFlattenOrder) {
  testing::for_each_isa([] {
    for (const std::vector<int>& levels : {std::vector{1, 2, 4}, {3, 1}, {2}}) {
      for (const auto& [n, c] : {std::pair{1, 3}, {3, 6}, {32, 1}, {33, 3}}) {
        Tensor x = random_images(n, c, 7, 5, 1);
        testing::fill_padded_rows(x, 3.f);
        const Tensor y = spatial_pyramid_pool2d(Variable(x), levels).value();
        for (int image = 0; image < n; ++image) {
          int feature = 0;
          for (const int level : levels) {
            for (int at = 0; at < c * level * level; ++at, ++feature) {
              const int channel = at / (level * level), cell = at % (level * level);
              ASSERT_EQ(Plane(y, image, feature).at(0, 0),
                        maximum_of_cell(Plane(x, image, channel), 7, 5, level, cell / level,
                                        cell % level))
                  << "image " << image << ", feature " << feature;
            }
          }
          ASSERT_EQ(feature, y.c());
        }
      }
    }
  });
}

TEST(SpatialPyramid, GradientAgreesWithDifferences) {
  Tensor spread = random_images(3, 2, 7, 6, 1);  // no two values within a step
  for (int64_t i = 0; i < spread.stored(); ++i) {
    spread.data()[i] = static_cast<float>(i * 7919 % spread.stored()) * 0.1f;
  }
  testing::gradcheck(
      [](const std::vector<Variable>& in) {
        return spatial_pyramid_pool2d(in[0], {1, 2, 4});
      },
      {Variable(spread, true)}, {.tolerance = 5e-3});
}

TEST(SpatialPyramid, Bfloat16AndThreads) {
  const Tensor x = testing::rounded(random_images(35, 6, 8, 7, 1));
  const Tensor dy = testing::rounded(random_images(35, 6 * 21, 1, 1, 2));
  const auto pool = [](const Variable& in) { return spatial_pyramid_pool2d(in, {1, 2, 4}); };
  const auto narrow = both_passes(pool, x, dy);
  const auto wide = both_passes(pool, testing::widened(x), testing::widened(dy));
  testing::expect_same_bytes(narrow.y, testing::rounded(wide.y));
  testing::expect_padded_rows_zero(wide.dx);
  // Each level rounds its gradient before the three meet: two sums of at most 2^-8 each, of values
  // below 4.
  for (int64_t i = 0; i < wide.dx.stored(); ++i) {
    ASSERT_NEAR(testing::widened(narrow.dx).data()[i], wide.dx.data()[i], 3 * 4 * 0x1p-8);
  }
  testing::expect_same_bytes_for_any_threads([&] {
    const auto passes = both_passes(pool, x, dy);
    return std::vector<Tensor>{passes.y, passes.dx};
  });
}

TEST(SpatialPyramid, ErrorsNameTheNumbers) {
  const Variable x(Tensor::images_zeros(2, 3, 4, 5));
  EXPECT_THAT(testing::message_of([&] { spatial_pyramid_pool2d(x, {}); }), HasSubstr("got []"));
  EXPECT_THAT(testing::message_of([&] {
                spatial_pyramid_pool2d(x, {1, 0, 4});
              }),
              HasSubstr("got [1, 0, 4]"));
}

}  // namespace
}  // namespace weir
