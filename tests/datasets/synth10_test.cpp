#include "datasets/synth10.h"

#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/runtime/parallel.h"
#include "datasets/synth10_shape.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
constexpr int kSize = Synth10Sample::kSize, kArea = kSize * kSize, kClasses = 10;

// Published results rest on these bytes: a change needs a new version in the dataset's id.
TEST(Synth10, FirstPicturesAreFrozen) {
  const auto hash = [](const char* difficulty) {
    return make_synth10({.train = 100, .test = 100, .difficulty = difficulty}).sha256;
  };
  EXPECT_EQ(hash("easy"), "b238812f830054f15d39be8827618554ebdd0094da7a86b97d8b8710512ef2f0");
  EXPECT_EQ(hash("default"), "a729d012144a0a1940aad69422d464da1ee355dae2069689dca26236362eef7f");
  EXPECT_EQ(hash("hard"), "7ed661257290e06adfc1d89f4fe3d80bfd42c9d2ea56c9ff375cdc5c41a6f5b4");
}

TEST(Synth10, WholeSetIsFrozen) {
  const Dataset dataset = make_synth10();
  EXPECT_EQ(dataset.id, "synth10-v1");
  EXPECT_EQ(dataset.train.count(), 50000);
  EXPECT_EQ(dataset.test.count(), 10000);
  EXPECT_EQ(dataset.sha256, "ce79277599db89a3123e684962972b821ce16b1c113b93e6681152e75da602e9");
}

TEST(Synth10, NamesShapeAndTexture) {
  const Dataset dataset = make_synth10({.train = 1, .test = 0, .difficulty = "hard"});
  EXPECT_EQ(dataset.id, "synth10-v1-hard");
  ASSERT_EQ(dataset.classes.size(), 10u);
  EXPECT_EQ(dataset.classes[0], "disc_striped");
  EXPECT_EQ(dataset.classes[5], "triangle_checked");
  EXPECT_EQ(dataset.classes[9], "cross_checked");
}

TEST(Synth10, ClassesAreEquallyFrequent) {
  const Dataset dataset = make_synth10({.train = 137, .test = 0});
  std::vector<int> count(kClasses);
  for (int label : dataset.train.labels) ++count.at(label);
  for (int label = 0; label < kClasses; ++label) {
    EXPECT_TRUE(count[label] == 13 || count[label] == 14) << label << ": " << count[label];
  }
}

TEST(Synth10, PictureDependsOnlyOnSeedSplitAndIndex) {
  const Dataset small = make_synth10({.train = 70, .test = 3, .seed = 5});
  const Dataset large = make_synth10({.train = 131, .test = 40, .seed = 5});
  for (int i : {0, 1, 64, 69}) {
    const Synth10Sample alone = synth10_sample(5, Synth10Split::kTrain, i);
    EXPECT_THAT(small.train.image(i), ::testing::ElementsAreArray(alone.pixels)) << i;
    EXPECT_THAT(large.train.image(i), ::testing::ElementsAreArray(alone.pixels)) << i;
    EXPECT_EQ(small.train.labels[i], alone.label);
    EXPECT_NE(synth10_sample(6, Synth10Split::kTrain, i).pixels, alone.pixels) << "other seed";
    EXPECT_NE(synth10_sample(5, Synth10Split::kTest, i).pixels, alone.pixels) << "other split";
  }
}

TEST(Synth10, ThreadsDoNotChangeABit) {
  const int before = threads();
  set_threads(1);
  const std::string one = make_synth10({.train = 300, .test = 100}).sha256;
  set_threads(3);
  const std::string three = make_synth10({.train = 300, .test = 100}).sha256;
  set_threads(before);
  EXPECT_EQ(one, three);
}

TEST(Synth10, RefusesUnknownDifficultyAndNegativeCounts) {
  const auto message = [](const Synth10Options& options) {
    return testing::message_of([&] { make_synth10(options); });
  };
  EXPECT_THAT(message({.difficulty = "hart"}), HasSubstr("did you mean 'hard'"));
  EXPECT_THAT(message({.train = -1}), HasSubstr("-1"));
}

// A value of every picture, collected by class.
struct Statistic {
  std::vector<double> sum = std::vector<double>(kClasses), squares = sum;
  int per_class = 0;

  double mean(int label) const { return sum[label] / per_class; }
  double variance(int label) const {
    return squares[label] / per_class - mean(label) * mean(label);
  }
};

const std::vector<Synth10Sample>& samples() {
  static const std::vector<Synth10Sample> drawn = [] {
    std::vector<Synth10Sample> list(3000);
    for (size_t i = 0; i < list.size(); ++i) {
      list[i] = synth10_sample(11, Synth10Split::kTrain, static_cast<uint32_t>(i));
    }
    return list;
  }();
  return drawn;
}

Statistic collect(const std::function<double(const Synth10Sample&)>& value) {
  Statistic statistic;
  statistic.per_class = static_cast<int>(samples().size()) / kClasses;
  for (const Synth10Sample& sample : samples()) {
    const double v = value(sample);
    statistic.sum[sample.label] += v;
    statistic.squares[sample.label] += v * v;
  }
  return statistic;
}

// The means of two classes differ by less than 4.5 of their standard errors: of the 45 pairs, none
// of which is told apart by `value`, one in 3,000 sets would break this (and the set is fixed).
void expect_no_cue(const Statistic& statistic) {
  for (int a = 0; a < kClasses; ++a) {
    for (int b = 0; b < a; ++b) {
      const double error =
          std::sqrt((statistic.variance(a) + statistic.variance(b)) / statistic.per_class);
      EXPECT_LT(std::abs(statistic.mean(a) - statistic.mean(b)), 4.5 * error) << a << " and " << b;
    }
  }
}

TEST(Synth10, ColourAndBrightnessDoNotTellTheClass) {
  for (int channel = 0; channel < 3; ++channel) {
    expect_no_cue(collect([&](const Synth10Sample& sample) {
      double sum = 0;
      for (int i = 0; i < kArea; ++i) sum += sample.pixels[channel * kArea + i];
      return sum / kArea;
    }));
  }
}

TEST(Synth10, ShapesHaveTheSameArea) {
  const Statistic area = collect([](const Synth10Sample& sample) {
    return std::accumulate(sample.mask.begin(), sample.mask.end(), 0.0);
  });
  double mean = 0;
  for (int label = 0; label < kClasses; ++label) mean += area.mean(label) / kClasses;
  // The corners of triangles and crosses reach further and are cut off more often at the border.
  for (int label = 0; label < kClasses; ++label) EXPECT_NEAR(area.mean(label), mean, 0.07 * mean);
  // A disc of radius r has area pi r^2; r is uniform in [6.5, 9.5], and r^2 is then 64.75 on
  // average.
  EXPECT_NEAR(mean, 3.14159 * 64.75, 0.07 * mean);
}

// Number of 4-connected regions of 1s.
int regions(std::array<uint8_t, kArea> mask) {
  int count = 0;
  for (int start = 0; start < kArea; ++start) {
    if (mask[start] == 0) continue;
    ++count;
    std::vector<int> open = {start};
    while (!open.empty()) {
      const int i = open.back();
      open.pop_back();
      if (mask[i] == 0) continue;
      mask[i] = 0;
      if (i % kSize > 0) open.push_back(i - 1);
      if (i % kSize < kSize - 1) open.push_back(i + 1);
      if (i >= kSize) open.push_back(i - kSize);
      if (i < kArea - kSize) open.push_back(i + kSize);
    }
  }
  return count;
}

TEST(Synth10, MaskIsOneRegionAndOnlyRingsHaveAHole) {
  for (int index = 0; index < 400; ++index) {
    const Synth10Sample sample = synth10_sample(12, Synth10Split::kTest, index);
    double x = 0, y = 0, area = 0;
    for (int i = 0; i < kArea; ++i) {
      x += sample.mask[i] * (i % kSize);
      y += sample.mask[i] * (i / kSize);
      area += sample.mask[i];
    }
    ASSERT_GT(area, 0) << index;
    const int centre = int(std::lround(y / area)) * kSize + int(std::lround(x / area));
    const bool ring = sample.label / 2 == 3;
    EXPECT_EQ(sample.mask[centre], ring ? 0 : 1) << index;
    if (!ring) {  // a ring may be cut open by the border of the picture
      EXPECT_EQ(regions(sample.mask), 1) << index;
    }
  }
}

TEST(Synth10Shape, RotationIsCosineAndSine) {
  for (float turns : {0.0f, 0.1f, 0.25f, 0.4f, 0.5f, 0.77f, 1.0f, -0.3f, -0.9f}) {
    const Rotation found = rotation(turns);
    const double angle = 2 * 3.14159265358979 * double{turns};
    // The series stops at x^9: the next term, (pi/2)^11 / 11!, is 3.6e-6.
    EXPECT_NEAR(found.cosine, std::cos(angle), 5e-6) << turns;
    EXPECT_NEAR(found.sine, std::sin(angle), 5e-6) << turns;
  }
}

int covered_pixels(const DrawnShape& shape) {
  Coverage coverage;
  cover(shape, coverage);
  int count = 0;
  for (int row = coverage.top; row < coverage.bottom; ++row) {
    for (int column = coverage.left; column < coverage.right; ++column) {
      count += coverage.covered[row * kCanvasSize + column];
    }
  }
  return count;
}

TEST(Synth10Shape, EveryShapeCoversTheAreaOfItsDisc) {
  for (ShapeKind kind : {ShapeKind::kDisc, ShapeKind::kSquare, ShapeKind::kTriangle,
                         ShapeKind::kRing, ShapeKind::kCross}) {
    for (float turns : {0.0f, 0.07f, 0.3f}) {
      const DrawnShape shape{.kind = kind,
                             .x = 16.3f,
                             .y = 15.8f,
                             .radius = 7.5f,
                             .detail = 0.4f,
                             .stretch = 1.2f,
                             .rotation = rotation(turns)};
      const double area = 3.14159 * 7.5 * 7.5 / (kCanvasPixel * kCanvasPixel);
      // Pixels are counted by their centres, so an edge along the grid is off by half a pixel at
      // most: half the triangle's base, 2.7 * 15 = 40 pixels, is 3% of the area.
      EXPECT_NEAR(covered_pixels(shape), area, 0.03 * area) << int(kind) << " turned " << turns;
    }
  }
}

TEST(Synth10Shape, IsCutOffAtTheBorder) {
  const DrawnShape corner{.kind = ShapeKind::kSquare,
                          .x = 0,
                          .y = 32,
                          .radius = 8,
                          .stretch = 1,
                          .rotation = rotation(0)};
  // A square with half side 8 sqrt(pi) / 2 = 7.09 around a corner: 14 x 14 canvas pixels are
  // inside.
  EXPECT_EQ(covered_pixels(corner), 14 * 14);
  DrawnShape outside = corner;
  outside.x = -20;
  EXPECT_EQ(covered_pixels(outside), 0);
}

}  // namespace
}  // namespace weir
