#include "datasets/plot.h"

#include <cmath>
#include <limits>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "datasets/drawing.h"
#include "datasets/font.h"
#include "datasets/ticks.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

constexpr Colour kWhite{255, 255, 255}, kBlack{0, 0, 0};

// The ink of black on white, in pixels: partly covered ones count in part.
double ink(const Picture& picture) {
  double sum = 0;
  for (size_t i = 0; i < picture.pixels.size(); i += 3) sum += 255 - picture.pixels[i];
  return sum / 255;
}

TEST(Drawing, LinesHaveTheirLengthAndWidth) {
  for (const Segment segment : {Segment{{10, 12}, {50, 12}}, Segment{{20.3f, 8}, {20.3f, 48}},
                                Segment{{10, 10}, {34, 42}}}) {
    Drawing drawing(60, 60, kWhite);
    drawing.lines({&segment, 1}, 4, kBlack);
    // 40 x 4 and two half discs of radius 2. The edge's ramp is one pixel wide whatever its
    // direction, so the straight part is exact up to rounding; 3% covers that and the ends.
    EXPECT_NEAR(ink(drawing.picture()), 40 * 4 + 3.14159 * 4, 0.03 * 172);
  }
}

TEST(Drawing, CrossingLinesAreOneShape) {
  const Segment lines[] = {{{5, 15}, {25, 15}}, {{5, 15}, {25, 15}}};
  Drawing once(30, 30, kWhite), twice(30, 30, kWhite);
  once.lines({lines, 1}, 2.5f, kBlack);
  twice.lines(lines, 2.5f, kBlack);
  EXPECT_EQ(once.picture().pixels, twice.picture().pixels);
}

TEST(Drawing, CutsOffWhatIsOutside) {
  Drawing drawing(8, 5, kWhite);
  const Segment far[] = {{{-100, -100}, {-50, -60}}, {{400, 2}, {500, 2}}};
  drawing.lines(far, 3, kBlack);
  drawing.rectangle(20, 20, 5, 5, kBlack);
  EXPECT_EQ(ink(drawing.picture()), 0);
  drawing.rectangle(-2, 3, 4, 9, kBlack);
  EXPECT_EQ(ink(drawing.picture()), 2 * 2);
}

TEST(Font, EveryCharacterHasItsOwnInk) {
  std::set<std::string> seen;
  // All but the capital O, which looks like the zero.
  for (char letter = '!'; letter <= '~'; ++letter) {
    if (letter == 'O') continue;
    Drawing drawing(30, 40, kWhite);
    draw_text(drawing, {5, 28}, std::string(1, letter), {.size = 20});
    EXPECT_GT(ink(drawing.picture()), 5) << letter;
    EXPECT_TRUE(seen.insert(encode_png(drawing.picture())).second)
        << letter << " looks like another";
  }
}

TEST(Font, WidthIsWhereTheTextEnds) {
  const std::string text = "Weir 0.87";
  const float width = text_width(text, 12);
  Drawing left(200, 30, kWhite), right(200, 30, kWhite);
  draw_text(left, {20, 20}, text, {.size = 12});
  draw_text(right, {20 + width, 20}, text, {.size = 12, .align = Align::kRight});
  // Placed in floating point from either end: a rounding may move a shade by one or two.
  for (size_t i = 0; i < left.picture().pixels.size(); ++i) {
    ASSERT_NEAR(left.picture().pixels[i], right.picture().pixels[i], 2) << i;
  }
  EXPECT_EQ(text_width("111", 12), text_width("888", 12)) << "numbers stand in columns";
  EXPECT_EQ(text_width("", 12), 0);
}

TEST(Font, OtherBytesBecomeQuestionMarks) {
  Drawing other(40, 30, kWhite), question(40, 30, kWhite);
  draw_text(other, {5, 20}, "\xc3\n", {});
  draw_text(question, {5, 20}, "??", {});
  EXPECT_EQ(other.picture().pixels, question.picture().pixels);
}

TEST(Ticks, AreRoundAndEncloseTheData) {
  const Ticks loss = nice_ticks(0.37, 2.31, 5);
  EXPECT_DOUBLE_EQ(loss.first, 0);
  EXPECT_DOUBLE_EQ(loss.step, 0.5);
  EXPECT_DOUBLE_EQ(loss.last(), 2.5);
  EXPECT_EQ(loss.text(1), "0.5");
  const Ticks accuracy = nice_ticks(31, 100, 5);
  EXPECT_DOUBLE_EQ(accuracy.first, 20);
  EXPECT_DOUBLE_EQ(accuracy.step, 20);
  EXPECT_DOUBLE_EQ(accuracy.last(), 100);
  EXPECT_EQ(accuracy.text(4), "100");
}

TEST(Ticks, HoldForAnyRange) {
  for (double low : {-3.7, 0.0, 1e-7, 5.0, 123456.0}) {
    for (double range : {0.0, 1e-9, 0.02, 0.3, 1.0, 17.0, 9e8}) {
      for (int most : {2, 5, 9}) {
        const Ticks ticks = nice_ticks(low, low + range, most);
        EXPECT_LE(ticks.first, low + 1e-6 * ticks.step);
        EXPECT_GE(ticks.last(), low + range - 1e-6 * ticks.step);
        EXPECT_GE(ticks.count, 2);
        EXPECT_LE(ticks.count, most + 1);
      }
    }
  }
}

TEST(Ticks, WholeStepsForEpochs) {
  EXPECT_DOUBLE_EQ(nice_ticks(1, 3, 10).step, 0.2);
  EXPECT_DOUBLE_EQ(nice_ticks(1, 3, 10, true).step, 1);
  EXPECT_EQ(nice_ticks(0, 0.002, 4).text(1), "0.0005");
  EXPECT_EQ(nice_ticks(-1, 1, 4).text(2), "0.0");
}

// Rows in which the first curve's colour appears in a column, from the top.
std::vector<int> rows_of_first_curve(const Picture& picture, int x) {
  std::vector<int> rows;
  for (int y = 100; y < picture.height; ++y) {  // below title and legend
    const bool blue = picture.at(x, y, 0) < 60 && picture.at(x, y, 2) > 140;
    if (blue) rows.push_back(y);
  }
  return rows;
}

TEST(Plot, CurvesRiseWithTheirValues) {
  Curve rising{"train", {}, {}};
  for (int i = 0; i <= 100; ++i) {
    rising.x.push_back(i);
    rising.y.push_back(i);
  }
  const Picture picture = plot_curves({{"Accuracy", "epoch", "%", {rising}}}, {.title = "run"});
  EXPECT_EQ(picture.width, 560);
  EXPECT_GT(picture.height, 400) << "the title is above the panels";
  const auto left = rows_of_first_curve(picture, 150), right = rows_of_first_curve(picture, 450);
  ASSERT_FALSE(left.empty());
  ASSERT_FALSE(right.empty());
  // A straight line over the whole area of 460 x 290 pixels: 300 columns rise by 300 * 290 / 460.
  EXPECT_NEAR(left.front() - right.front(), 300.0 * 290 / 460, 2);
}

TEST(Plot, PanelsStandSideBySide) {
  const Curve curve{"a", {1, 2, 3}, {3, 1, 2}};
  const Panel full{"full", "x", "y", {curve}}, empty{"empty", "x", "y", {}};
  const Picture both = plot_curves({empty, full}, {.panel_width = 300, .panel_height = 250});
  ASSERT_EQ(both.width, 600);
  EXPECT_EQ(both.height, 250);
  int left = 0, right = 0;
  for (int x = 0; x < 300; ++x) {
    left += static_cast<int>(rows_of_first_curve(both, x).size());
    right += static_cast<int>(rows_of_first_curve(both, 300 + x).size());
  }
  EXPECT_EQ(left, 0);
  EXPECT_GT(right, 100);
}

TEST(Plot, LongTitlesShrinkToFit) {
  const Picture picture = plot_curves({{}}, {.title = std::string(150, 'm'), .panel_width = 300});
  int ink_at_edges = 0, ink_inside = 0;
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 300; ++x) {
      const bool dark = picture.at(x, y, 0) < 200;
      (x < 20 || x >= 280 ? ink_at_edges : ink_inside) += dark ? 1 : 0;
    }
  }
  EXPECT_EQ(ink_at_edges, 0);
  EXPECT_GT(ink_inside, 50);
}

TEST(Plot, GapsForValuesThatAreNotFinite) {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  Curve whole{"a", {}, {}};
  for (int i = 0; i <= 100; ++i) {
    whole.x.push_back(i);
    whole.y.push_back(i);
  }
  Curve broken = whole;
  for (int i = 40; i <= 60; ++i) broken.y[i] = i % 2 == 0 ? nan : infinity;
  const Picture with = plot_curves({{"", "", "", {whole}}});
  const Picture without = plot_curves({{"", "", "", {broken}}});
  const int middle = 74 + 460 / 2;
  EXPECT_FALSE(rows_of_first_curve(with, middle).empty());
  EXPECT_TRUE(rows_of_first_curve(without, middle).empty());
  EXPECT_EQ(rows_of_first_curve(with, 200), rows_of_first_curve(without, 200));
  plot_curves({{"", "", "", {{"nothing", {1, 2}, {nan, nan}}, {"one point", {1}, {5}}}}});
}

TEST(Plot, RefusesWhatItCannotDraw) {
  const auto message = [](const std::vector<Panel>& panels, const PlotOptions& options) {
    return testing::message_of([&] { plot_curves(panels, options); });
  };
  using ::testing::HasSubstr;
  EXPECT_THAT(message({}, {}), HasSubstr("at least one panel"));
  EXPECT_THAT(message({{"p", "", "", {{"loss", {1, 2}, {1}}}}}, {}),
              HasSubstr("'loss' has 2 x and 1 y"));
  EXPECT_THAT(message({{"p", "", "", std::vector<Curve>(7)}}, {}), HasSubstr("7 curves"));
  EXPECT_THAT(message({{}}, {.panel_width = 10}), HasSubstr("200"));
  EXPECT_THAT(message({{}}, {.panel_width = 9000}), HasSubstr("8192"));
}

}  // namespace
}  // namespace weir
