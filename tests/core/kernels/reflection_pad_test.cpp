#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/functions/reflection_pad2d.h"
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

const std::vector<ReflectionPad2dOptions> kPaddings{
    {},
    {.left = 1, .right = 1, .top = 1, .bottom = 1},
    {.left = 0, .right = 3, .top = 2, .bottom = 1},
    {.left = 4, .right = 4, .top = 2, .bottom = 2},  // every pixel copied up to three times
};

// Walks from `position` to a place of the map, turning round at its ends.
int walk(int position, int size) {
  int at = 0, direction = 1;
  for (int steps = position < 0 ? -position : position; steps > 0; --steps) {
    if (at + direction < 0 || at + direction >= size) direction = -direction;
    at += direction;
  }
  return at;
}

// Mirrors before the first pixel walk the same way as behind it.
TEST(ReflectionPad, CopiesWhatAMirrorShows) {
  testing::for_each_isa([] {
    for (const ReflectionPad2dOptions& p : kPaddings) {
      for (const auto& [n, c] : {std::pair{1, 3}, {3, 6}, {32, 1}, {33, 17}}) {
        const int h = 3, w = 5;
        Tensor x = random_images(n, c, h, w, 1);
        testing::fill_padded_rows(x, 5.f);
        const Tensor dy = random_images(n, c, h + p.top + p.bottom, w + p.left + p.right, 2);
        const auto [y, dx] =
            both_passes([&](const Variable& in) { return reflection_pad2d(in, p); }, x, dy);
        for (int image = 0; image < n; ++image) {
          for (int channel = 0; channel < c; ++channel) {
            const Plane in(x, image, channel), out(y, image, channel);
            const Plane upstream(dy, image, channel), gradient(dx, image, channel);
            float sums[3][5] = {};
            for (int oy = 0; oy < y.h(); ++oy) {
              for (int ox = 0; ox < y.w(); ++ox) {
                const int iy = walk(oy - p.top, h), ix = walk(ox - p.left, w);
                ASSERT_EQ(out.at(oy, ox), in.at(iy, ix)) << oy << " " << ox;
                sums[iy][ix] += upstream.at(oy, ox);
              }
            }
            for (int i = 0; i < h * w; ++i) {
              ASSERT_EQ(gradient.at(i / w, i % w), sums[i / w][i % w]) << i;
            }
          }
        }
        testing::expect_padded_rows_zero(dx);
      }
    }
  });
}

TEST(ReflectionPad, Bfloat16RoundsTheGradientOnce) {
  const Tensor x = testing::rounded(random_images(35, 6, 3, 5, 1));
  const Tensor dy = testing::rounded(random_images(35, 6, 7, 13, 2));
  const auto pad = [](const Variable& in) { return reflection_pad2d(in, kPaddings[3]); };
  testing::for_each_isa([&] {
    const auto narrow = both_passes(pad, x, dy);
    const auto wide = both_passes(pad, testing::widened(x), testing::widened(dy));
    testing::expect_same_bytes(narrow.y, testing::rounded(wide.y));
    testing::expect_same_bytes(narrow.dx, testing::rounded(wide.dx));
  });
}

TEST(ReflectionPad, ThreadsDoNotChangeAByte) {
  const Tensor x = random_images(40, 17, 3, 5, 1), dy = random_images(40, 17, 7, 13, 2);
  testing::expect_same_bytes_for_any_threads([&] {
    const auto passes =
        both_passes([&](const Variable& in) { return reflection_pad2d(in, kPaddings[3]); }, x, dy);
    return std::vector<Tensor>{passes.y, passes.dx};
  });
}

TEST(ReflectionPad, GradientAgreesWithDifferences) {
  testing::gradcheck(
      [](const std::vector<Variable>& in) { return reflection_pad2d(in[0], kPaddings[2]); },
      {Variable(random_images(3, 2, 3, 5, 1), true)});
}

TEST(ReflectionPad, ErrorsNameTheNumbers) {
  const Variable x(Tensor::images_zeros(2, 3, 4, 5));
  EXPECT_THAT(testing::message_of([&] { reflection_pad2d(x, {.left = 5}); }),
              HasSubstr("left: expected padding of at least 0 and below the width of 5, got 5"));
  EXPECT_THAT(testing::message_of([&] { reflection_pad2d(x, {.bottom = 4}); }),
              HasSubstr("bottom: expected padding of at least 0 and below the height of 4, got 4"));
  EXPECT_THAT(testing::message_of([&] { reflection_pad2d(x, {.top = -1}); }),
              HasSubstr("top: expected padding of at least 0"));
  EXPECT_THAT(testing::message_of([] { reflection_pad2d(Variable(), {}); }), HasSubstr("nothing"));
}

}  // namespace
}  // namespace weir
