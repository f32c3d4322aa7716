#include "datasets/assemble.h"

#include <vector>

#include <gtest/gtest.h>

#include "core/tensor/layout.h"
#include "datasets/normalize.h"
#include "tests/core/kernels/conditions.h"
#include "tests/datasets/random_images.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

constexpr int kChannels = 3, kHeight = 5, kWidth = 19;

std::unique_ptr<NormalizedImages> source(const std::string& method) {
  const Images images = testing_support::random_images(50, kChannels, kHeight, kWidth);
  return Normalizer::fit(images, {.method = method}).apply(images);
}

// What Placement promises, pixel by pixel.
float expected(const std::vector<float>& picture, const Placement& p, int c, int y, int x) {
  const bool cut = y >= p.cut_top && y < p.cut_bottom && x >= p.cut_left && x < p.cut_right;
  const int from_y = p.rows[static_cast<size_t>(y)], from_x = p.columns[static_cast<size_t>(x)];
  if (cut || from_y == Placement::kOutside || from_x == Placement::kOutside) return 0;
  return picture[static_cast<size_t>((c * kHeight + from_y) * kWidth + from_x)];
}

// Pictures 0 and 49 have nothing in front or behind them in memory.
void expect_every_pixel_in_its_place(int count, const AugmentOptions& options) {
  const auto images = source("mean_std");
  std::vector<int> indices;
  std::vector<Placement> placements;
  for (int i = 0; i < count; ++i) {
    indices.push_back((i * 17 + 49) % 50);
    placements.push_back(draw_placement(options, kHeight, kWidth,
                                        Philox(2, Purpose::kTest, static_cast<uint32_t>(i))));
  }
  const std::vector<float> values = nchw_from_images(assemble(*images, indices, placements));
  size_t at = 0;
  for (size_t i = 0; i < indices.size(); ++i) {
    const std::vector<float> picture = images->image(indices[i]);
    for (int c = 0; c < kChannels; ++c) {
      for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
          ASSERT_EQ(values[at++], expected(picture, placements[i], c, y, x))
              << "picture " << i << " channel " << c << " at " << y << ", " << x;
        }
      }
    }
  }
}

class Assemble : public ::testing::TestWithParam<int> {};  // number of pictures

TEST_P(Assemble, PutsEveryPixelInItsPlace) {
  expect_every_pixel_in_its_place(GetParam(),
                                  {.hflip = 0.5f, .crop_padding = 2, .translate = 1, .cutout = 3});
}

TEST_P(Assemble, PutsReflectedPixelsInTheirPlace) {
  expect_every_pixel_in_its_place(
      GetParam(),
      {.hflip = 0.5f, .crop_padding = 4, .padding_mode = "reflect", .translate = 2, .cutout = 3});
}

// Crop and translation together may push out all of a picture.
TEST_P(Assemble, LeavesWhatIsMovedOutZero) {
  expect_every_pixel_in_its_place(GetParam(), {.hflip = 0.5f, .crop_padding = 4, .translate = 4});
}

TEST_P(Assemble, RoundsToBf16) {
  const auto images = source("mean_std");
  std::vector<int> indices;
  std::vector<Placement> placements;
  for (int i = 0; i < GetParam(); ++i) {
    indices.push_back((i * 17 + 3) % 50);
    placements.push_back(draw_placement({.crop_padding = 2, .cutout = 3}, kHeight, kWidth,
                                        Philox(2, Purpose::kTest, static_cast<uint32_t>(i))));
  }
  const Tensor floats = assemble(*images, indices, placements);
  const Tensor found = assemble(*images, indices, placements, DType::kBF16);
  testing::expect_same_bytes(found, testing::rounded(floats));
}

INSTANTIATE_TEST_SUITE_P(Counts, Assemble, ::testing::Values(1, 31, 32, 33, 70));

TEST(AssembleUnmoved, KeepsPicturesOfEveryNormalisation) {
  const std::vector<int> indices = {49, 0, 7, 7};
  for (const std::string method : {"none", "mean_std", "gcn"}) {
    const auto images = source(method);
    const std::vector<float> values = nchw_from_images(assemble(*images, indices));
    auto at = values.begin();
    for (const int i : indices) {
      const std::vector<float> picture = images->image(i);
      EXPECT_TRUE(std::equal(picture.begin(), picture.end(), at)) << method << " picture " << i;
      at += kChannels * kHeight * kWidth;
    }
  }
}

}  // namespace
}  // namespace weir
