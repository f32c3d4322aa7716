#include "datasets/resize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using ::testing::ElementsAre;

// A grey picture, given row by row.
Picture grey(int width, std::vector<uint8_t> pixels) {
  Picture picture(width, static_cast<int>(pixels.size()) / width, 1);
  picture.pixels = std::move(pixels);
  return picture;
}

TEST(Resize, AreaIsTheMeanOfWhatAPixelCovers) {
  // Each new pixel covers two and a half old ones: (10 + 20 + 50 / 2) / 2.5 = 22 and
  // (50 / 2 + 100 + 200) / 2.5 = 130.
  const Picture line = resize(grey(5, {10, 20, 50, 100, 200}), 2, 1, ResizeMethod::kArea);
  EXPECT_THAT(line.pixels, ElementsAre(22, 130));
  // 4 x 2 to 2 x 1: means of 2 x 2 blocks, (0 + 4 + 8 + 9) / 4 = 5.25 and (100 + 50 + 3 + 7) / 4.
  const Picture block = resize(grey(4, {0, 4, 100, 50, 8, 9, 3, 7}), 2, 1, ResizeMethod::kArea);
  EXPECT_THAT(block.pixels, ElementsAre(5, 40));
}

TEST(Resize, BilinearLiesBetweenPixelCentres) {
  // Centres of the new pixels at -0.25, 0.25, 0.75 and 1.25, cut to [0, 1].
  const Picture line = resize(grey(2, {0, 200}), 4, 1, ResizeMethod::kBilinear);
  EXPECT_THAT(line.pixels, ElementsAre(0, 50, 150, 200));
  // 5 to 2 without averaging: centres at 0.75 and 3.25.
  const Picture less = resize(grey(5, {0, 40, 0, 100, 20}), 2, 1, ResizeMethod::kBilinear);
  EXPECT_THAT(less.pixels, ElementsAre(30, 80));
}

TEST(Resize, AreaEnlargesBilinearly) {
  // Narrower by area, higher by bilinear.
  const Picture both = resize(grey(2, {0, 20, 100, 180}), 1, 4, ResizeMethod::kArea);
  EXPECT_THAT(both.pixels, ElementsAre(10, 43, 108, 140));  // 42.5 and 107.5 are rounded up
}

TEST(Resize, NearestTakesThePixelUnderTheCentre) {
  const Picture less = resize(grey(3, {1, 2, 3}), 2, 1, ResizeMethod::kNearest);
  EXPECT_THAT(less.pixels, ElementsAre(1, 3));  // centres at 0.75 and 2.25
  const Picture more = resize(grey(2, {7, 9}), 5, 1, ResizeMethod::kNearest);
  EXPECT_THAT(more.pixels, ElementsAre(7, 7, 9, 9, 9));
}

TEST(Resize, KeepsChannelsApart) {
  Picture colours(2, 1);
  colours.pixels = {10, 100, 200, 20, 120, 240};
  EXPECT_THAT(resize(colours, 1, 1, ResizeMethod::kArea).pixels, ElementsAre(15, 110, 220));
}

TEST(Resize, OnePixelFillsAnySize) {
  for (ResizeMethod method :
       {ResizeMethod::kArea, ResizeMethod::kBilinear, ResizeMethod::kNearest}) {
    const Picture filled = resize(Picture(1, 1, 3, 77), 3, 5, method);
    EXPECT_THAT(filled.pixels, ::testing::AllOf(::testing::SizeIs(45), ::testing::Each(77)));
  }
}

TEST(Resize, RefusesEmptySizesAndUnknownMethods) {
  EXPECT_THROW(resize(Picture(2, 2), 0, 2, ResizeMethod::kArea), Error);
  EXPECT_THROW(resize(Picture(), 2, 2, ResizeMethod::kArea), Error);
  EXPECT_EQ(resize_method("nearest"), ResizeMethod::kNearest);
  EXPECT_THAT(testing::message_of([] { resize_method("bilinar"); }),
              ::testing::HasSubstr("did you mean 'bilinear'"));
}

}  // namespace
}  // namespace weir
