// Panels, figures and galleries: what stands where, in which colour.
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "explain/pictures/colour_map.h"
#include "explain/pictures/figure.h"
#include "explain/pictures/gallery.h"
#include "explain/pictures/panel.h"
#include "tests/support/message_of.h"

namespace weir::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using Rgb = std::array<int, 3>;

Rgb at(const Picture& picture, int x, int y) {
  return {picture.at(x, y, 0), picture.at(x, y, 1), picture.at(x, y, 2)};
}

Rgb rgb(const Colour& colour) { return {colour.red, colour.green, colour.blue}; }

TEST(Panel, SmallPicturesGetSquarePixelsAndLargeOnesShrink) {
  Picture small(3, 2, 1);
  for (size_t i = 0; i < 6; ++i) small.pixels[i] = static_cast<uint8_t>(10 * i);
  const Picture panel = fitted(small, 16);
  EXPECT_EQ(panel.width, 15);
  EXPECT_EQ(panel.height, 10);
  EXPECT_EQ(at(panel, 4, 4), (Rgb{0, 0, 0}));
  EXPECT_EQ(at(panel, 5, 4), (Rgb{10, 10, 10}));
  EXPECT_EQ(at(panel, 14, 9), (Rgb{50, 50, 50}));
  const Picture large = fitted(Picture(100, 40, 3, 77), 16);
  EXPECT_EQ(large.width, 16);
  EXPECT_EQ(large.height, 6);
  EXPECT_EQ(at(large, 15, 5), (Rgb{77, 77, 77}));
}

// 0.4 of a grey of 100 and 0.6 of the colour.
Rgb blended(double part) {
  const Rgb colour = rgb(heat_colour(part));
  Rgb mixed{};
  for (size_t c = 0; c < 3; ++c) mixed[c] = static_cast<int>(40 + 0.6 * colour[c] + 0.5);
  return mixed;
}

TEST(Panel, TheMapLiesOverTheGreyPicture) {
  const Picture panel(8, 2, 3, 100);
  const HeatMap map{.height = 1, .width = 2, .values = {-3, 5}};
  const Picture result = overlaid(panel, map);
  EXPECT_EQ(at(result, 0, 0), blended(0));
  EXPECT_EQ(at(result, 7, 1), blended(1));
  // Bilinear: the centre of pixel 3 of 8 is (3 + 1/2) / 4 - 1/2 cells behind the first centre.
  EXPECT_EQ(at(result, 3, 0), blended(0.375));
  const HeatMap flat{.height = 1, .width = 1, .values = {2}};
  EXPECT_EQ(at(overlaid(panel, flat), 4, 1), blended(0));
}

TEST(Panel, PatternsAreAroundAMiddleGrey) {
  const std::vector<float> values{0, 2, -4, 1, 0, 0};  // three channels of 1 x 2
  const Picture picture = pattern_picture(values, 3, 1, 2);
  EXPECT_EQ(at(picture, 0, 0), (Rgb{128, 0, 128}));
  EXPECT_EQ(at(picture, 1, 0), (Rgb{191, 159, 128}));
  const Picture grey = pattern_picture(std::vector<float>{0, 0}, 1, 1, 2);
  EXPECT_EQ(at(grey, 1, 0), (Rgb{128, 128, 128}));
}

constexpr int kMargin = 14, kGap = 10, kLine = 18;

TEST(Figure, PictureMapAndColourBar) {
  const Picture picture(4, 4, 3, 100);
  const Explanation found{.map = {.height = 1, .width = 2, .values = {-1, 3}}, .pattern = {}};
  const Picture figure = draw_figure(picture, found, {.lines = {"one", "two"}, .side = 64});
  const int top = kMargin + 2 * kLine, bar = kMargin + 2 * (64 + kGap);
  EXPECT_EQ(figure.height, top + 64 + kMargin);
  EXPECT_EQ(at(figure, kMargin, top), (Rgb{100, 100, 100}));
  EXPECT_EQ(at(figure, kMargin + 64 + kGap, top + 5), blended(0));
  EXPECT_EQ(at(figure, kMargin + 64 + kGap + 63, top + 63), blended(1));
  EXPECT_EQ(at(figure, bar, top), rgb(heat_colour(1)));
  EXPECT_EQ(at(figure, bar + 13, top + 63), rgb(heat_colour(0)));
  EXPECT_EQ(at(figure, 0, 0), (Rgb{255, 255, 255}));
  // Zero is a quarter of the way up, and has a tick beside the bar; between the ticks is paper.
  EXPECT_NE(at(figure, bar + 15, top + 47), (Rgb{255, 255, 255}));
  EXPECT_EQ(at(figure, bar + 15, top + 30), (Rgb{255, 255, 255}));
}

TEST(Figure, ADeconvnetHasItsPatternToo) {
  const Picture picture(4, 4, 3, 100);
  const Explanation plain{.map = {.height = 2, .width = 2, .values = {0, 1, 2, 3}}, .pattern = {}};
  Explanation deconv = plain;
  deconv.pattern = std::vector<float>(12, 0.f);
  deconv.pattern[0] = 1;
  const Picture without = draw_figure(picture, plain, {.lines = {}, .side = 64});
  const Picture with = draw_figure(picture, deconv, {.lines = {}, .side = 64});
  EXPECT_EQ(with.width, without.width + 64 + kGap);
  EXPECT_EQ(at(with, kMargin + 2 * (64 + kGap), kMargin), (Rgb{255, 128, 128}));
  EXPECT_EQ(at(with, kMargin + 2 * (64 + kGap) + 63, kMargin + 63), (Rgb{128, 128, 128}));
  EXPECT_THAT(message_of([&] { draw_figure(picture, plain, {.lines = {}, .side = 8}); }),
              HasSubstr("at least 16 pixels, found 8"));
}

GalleryTile tile(uint8_t value, bool stands_out = false) {
  return {.left = Picture(10, 10, 3, value),
          .right = Picture(10, 10, 3, static_cast<uint8_t>(value + 1)),
          .lines = {"IIII"},
          .stands_out = stands_out};
}

// Strokes are thinner than a pixel: the warning colour is mixed with paper.
bool has_orange(const Picture& picture) {
  constexpr int kClearly = 60;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      if (picture.at(x, y, 0) > picture.at(x, y, 2) + kClearly) return true;
    }
  }
  return false;
}

TEST(Gallery, TilesInRowsOnAsManySheetsAsItTakes) {
  std::vector<GalleryTile> tiles;
  for (int i = 0; i < 7; ++i) tiles.push_back(tile(static_cast<uint8_t>(10 * i + 5)));
  const std::vector<Picture> sheets =
      draw_gallery(tiles, {.title = "t", .side = 10, .columns = 2, .rows = 2});
  ASSERT_THAT(sheets, SizeIs(2));
  const int step = 2 * 10 + 3 + 14, down = 10 + 15 + 14, top = 14 + 26;
  for (int i = 0; i < 7; ++i) {
    const Picture& sheet = sheets[size_t(i / 4)];
    const int x = 14 + i % 2 * step, y = top + i % 4 / 2 * down;
    const int value = 10 * i + 5;
    EXPECT_EQ(at(sheet, x, y), (Rgb{value, value, value})) << i;
    EXPECT_EQ(at(sheet, x + 13 + 9, y + 9), (Rgb{value + 1, value + 1, value + 1})) << i;
  }
  EXPECT_EQ(sheets[0].width, 2 * 14 + 2 * step - 14);
  EXPECT_EQ(sheets[0].height, 14 + top + 2 * down - 14);
}

TEST(Gallery, FailuresStandOut) {
  const GalleryOptions options{.title = "", .side = 10};
  EXPECT_FALSE(has_orange(draw_gallery({tile(1)}, options).front()));
  EXPECT_TRUE(has_orange(draw_gallery({tile(1, true)}, options).front()));
}

TEST(Gallery, SizesThatMakeNoSheetAreRefused) {
  EXPECT_THAT(message_of([] { draw_gallery({tile(1)}, {.title = "", .side = 10, .columns = 0}); }),
              HasSubstr("at least 1"));
  EXPECT_THAT(message_of([] { draw_gallery({tile(1)}, {.title = "", .side = 9000}); }),
              HasSubstr("are too many"));
  EXPECT_TRUE(draw_gallery({}, {}).empty());
}

}  // namespace
}  // namespace weir::testing
