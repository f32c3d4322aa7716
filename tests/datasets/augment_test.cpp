#include "datasets/augment.h"

#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "core/tensor/layout.h"
#include "datasets/assemble.h"
#include "datasets/mapped_images.h"
#include "tests/datasets/expect_error.h"

namespace weir {
namespace {

constexpr int kHeight = 4, kWidth = 5;
using Picture = std::vector<float>;  // kHeight x kWidth, one channel

// Every pixel has its own value, and none is zero.
Picture numbered() {
  Picture picture;
  for (int i = 0; i < kHeight * kWidth; ++i) picture.push_back(static_cast<float>(i + 1));
  return picture;
}

float pixel(const Picture& picture, int y, int x) {
  if (y < 0 || y >= kHeight || x < 0 || x >= kWidth) return 0;
  return picture[static_cast<size_t>(y * kWidth + x)];
}

int mirrored(int i, int size) {
  if (i < 0) return -i;
  return i >= size ? 2 * size - 2 - i : i;
}

template <class Source>  // Source(y, x) -> value
Picture build(Source source) {
  Picture picture;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) picture.push_back(source(y, x));
  }
  return picture;
}

// The steps one after another, each as its definition says.
Picture cropped(const Picture& in, int y0, int x0, bool reflects) {
  return build([&](int y, int x) {
    if (!reflects) return pixel(in, y + y0, x + x0);
    return pixel(in, mirrored(y + y0, kHeight), mirrored(x + x0, kWidth));
  });
}
Picture moved(const Picture& in, int down, int right) {
  return build([&](int y, int x) { return pixel(in, y - down, x - right); });
}
Picture flipped(const Picture& in) {
  return build([&](int y, int x) { return pixel(in, y, kWidth - 1 - x); });
}
Picture cut(const Picture& in, int centre_y, int centre_x, int side) {
  const auto covers = [side](int centre, int i) {
    return i >= centre - side / 2 && i < centre - side / 2 + side;
  };
  return build([&](int y, int x) {
    return covers(centre_y, y) && covers(centre_x, x) ? 0 : pixel(in, y, x);
  });
}

Philox sample(int i) { return {9, Purpose::kAugment, 0, static_cast<uint32_t>(i)}; }

// `draws` random versions of the numbered picture, through the code under test.
std::set<Picture> drawn(const AugmentOptions& options, int draws) {
  check(options, kHeight, kWidth);
  const auto source =
      hold_values({.channels = 1, .height = kHeight, .width = kWidth, .labels = {0}}, numbered());
  const std::vector<int> indices(static_cast<size_t>(draws), 0);
  std::vector<Placement> placements;
  for (int i = 0; i < draws; ++i) {
    placements.push_back(draw_placement(options, kHeight, kWidth, sample(i)));
  }
  const Picture all = nchw_from_images(assemble(*source, indices, placements));
  std::set<Picture> pictures;
  for (auto at = all.begin(); at != all.end(); at += kHeight * kWidth) {
    pictures.emplace(at, at + kHeight * kWidth);
  }
  return pictures;
}

// Each test compares the set of pictures drawn with the set of all that can be: none is wrong, and
// none is missing. With n possible pictures of probability >= 1/m, 20 m draws miss one with
// probability n exp(-20): never, for the fixed seed.

TEST(Augment, NothingAskedNothingChanged) {
  EXPECT_FALSE(AugmentOptions{}.any());
  EXPECT_EQ(drawn({}, 50), std::set<Picture>{numbered()});
}

TEST(Augment, HalfOfThePicturesAreFlipped) {
  EXPECT_EQ(drawn({.hflip = 1}, 50), std::set<Picture>{flipped(numbered())});
  EXPECT_EQ(drawn({.hflip = 0.5f}, 50), (std::set<Picture>{numbered(), flipped(numbered())}));
}

class CropTest : public ::testing::TestWithParam<std::string> {};

TEST_P(CropTest, DrawsAllCropsOfThePaddedPicture) {
  std::set<Picture> expected;
  for (int y = -2; y <= 2; ++y) {
    for (int x = -2; x <= 2; ++x) {
      expected.insert(cropped(numbered(), y, x, GetParam() == "reflect"));
    }
  }
  EXPECT_EQ(drawn({.crop_padding = 2, .padding_mode = GetParam()}, 20 * 25), expected);
}

TEST_P(CropTest, CropThenTranslationThenFlip) {
  std::set<Picture> expected;
  for (int i = 0; i < 3 * 3 * 3 * 3; ++i) {
    const int y = i % 3 - 1, x = i / 3 % 3 - 1, down = i / 9 % 3 - 1, right = i / 27 - 1;
    const Picture crop = cropped(numbered(), y, x, GetParam() == "reflect");
    expected.insert(moved(crop, down, right));
    expected.insert(flipped(moved(crop, down, right)));
  }
  const AugmentOptions options{
      .hflip = 0.5f, .crop_padding = 1, .padding_mode = GetParam(), .translate = 1};
  EXPECT_EQ(drawn(options, 20 * 162), expected);
}

INSTANTIATE_TEST_SUITE_P(PaddingModes, CropTest, ::testing::Values("zero", "reflect"),
                         [](const auto& mode) { return mode.param; });

TEST(Augment, TranslationBringsZerosIn) {
  std::set<Picture> expected;
  for (int down = -3; down <= 3; ++down) {
    for (int right = -3; right <= 3; ++right) expected.insert(moved(numbered(), down, right));
  }
  EXPECT_EQ(drawn({.translate = 3}, 20 * 49), expected);
}

TEST(Augment, CutoutIsASquareClippedAtTheBorders) {
  for (const int side : {1, 2, 3, 9}) {
    std::set<Picture> expected;
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) expected.insert(cut(numbered(), y, x, side));
    }
    EXPECT_EQ(drawn({.cutout = side}, 20 * 20), expected) << "side " << side;
  }
}

TEST(AugmentStatistics, FlipRateIsTheProbability) {
  constexpr int kDraws = 20000;
  int flips = 0;
  for (int i = 0; i < kDraws; ++i) {
    flips += draw_placement({.hflip = 0.3f}, 4, 6, sample(i)).columns[0] == 5;
  }
  // Binomial: five standard deviations.
  EXPECT_NEAR(flips, 0.3 * kDraws, 5 * std::sqrt(kDraws * 0.3 * 0.7));
}

// Pearson's statistic for uniform counts has mean `cells - 1` and variance twice that.
void expect_uniform(const std::map<std::pair<int, int>, int>& counts, int cells, int draws) {
  ASSERT_EQ(counts.size(), static_cast<size_t>(cells));
  const double expected = static_cast<double>(draws) / cells;
  double chi_square = 0;
  for (const auto& [cell, count] : counts) {
    chi_square += (count - expected) * (count - expected) / expected;
  }
  const double mean = cells - 1;
  EXPECT_NEAR(chi_square, mean, 5 * std::sqrt(2 * mean));
}

TEST(AugmentStatistics, CropOffsetsAreUniform) {
  constexpr int kDraws = 16200;  // 200 for each of the 81 offsets
  std::map<std::pair<int, int>, int> counts;
  for (int i = 0; i < kDraws; ++i) {
    // Far from the borders, so that the source of one pixel tells the offset.
    const Placement placement = draw_placement({.crop_padding = 4}, 16, 20, sample(i));
    ++counts[{placement.rows[8] - 8, placement.columns[10] - 10}];
  }
  expect_uniform(counts, 81, kDraws);
}

TEST(AugmentStatistics, CutoutCentresAreUniform) {
  constexpr int kDraws = 7000;  // 200 for each of the 35 pixels
  std::map<std::pair<int, int>, int> counts;
  for (int i = 0; i < kDraws; ++i) {
    const Placement placement = draw_placement({.cutout = 1}, 5, 7, sample(i));
    ++counts[{placement.cut_top, placement.cut_left}];
  }
  expect_uniform(counts, 35, kDraws);
}

TEST(Augment, RefusesBadOptions) {
  const auto refuses = [](const AugmentOptions& options, const char* part) {
    testing_support::expect_error([&] { check(options, 8, 6); }, ErrorKind::kUsage, {part});
  };
  EXPECT_NO_THROW(check({.hflip = 1, .crop_padding = 5, .translate = 5, .cutout = 99}, 8, 6));
  refuses({.hflip = 1.1f}, "from 0 to 1, got 1.1");
  refuses({.hflip = -0.5f}, "from 0 to 1");
  refuses({.hflip = std::nanf("")}, "from 0 to 1");
  refuses({.crop_padding = -1}, "0 or more");
  refuses({.translate = -1}, "0 or more");
  refuses({.cutout = -1}, "0 or more");
  refuses({.crop_padding = 6}, "8 x 6");
  refuses({.translate = 6}, "8 x 6");
  refuses({.padding_mode = "reflct"}, "did you mean 'reflect'");
}

}  // namespace
}  // namespace weir
