#include "datasets/stripes4.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <gtest/gtest.h>

namespace weir {
namespace {

// Do neighbours at (dx, dy) always differ by less than the noise (30)?
bool is_constant_along(const Images& images, int index, int dx, int dy) {
  const auto image = images.image(index);
  const auto value = [&](int c, int y, int x) { return int{image[(c * 8 + y) * 8 + x]}; };
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < 8; ++y) {
      for (int x = 0; x + dx < 8; ++x) {
        if (y + dy < 0 || y + dy >= 8) continue;
        if (std::abs(value(c, y, x) - value(c, y + dy, x + dx)) >= 30) return false;
      }
    }
  }
  return true;
}

TEST(Stripes4, DirectionOfTheStripesIsTheClass) {
  constexpr std::array<std::array<int, 2>, 4> kDirections = {{{1, 0}, {0, 1}, {1, -1}, {1, 1}}};
  const Dataset dataset = make_stripes4();
  for (const Images* images : {&dataset.train, &dataset.test}) {
    for (int i = 0; i < images->count(); ++i) {
      for (int label = 0; label < 4; ++label) {
        const auto [dx, dy] = kDirections[label];
        EXPECT_EQ(is_constant_along(*images, i, dx, dy), label == images->labels[i])
            << "picture " << i << ", direction " << label;
      }
    }
  }
}

TEST(Stripes4, HoldsSixteenOfEachClass) {
  const Dataset dataset = make_stripes4();
  EXPECT_EQ(dataset.id, "stripes4");
  EXPECT_EQ(dataset.classes.size(), 4u);
  for (int label = 0; label < 4; ++label) {
    EXPECT_EQ(std::count(dataset.train.labels.begin(), dataset.train.labels.end(), label), 16);
    EXPECT_EQ(std::count(dataset.test.labels.begin(), dataset.test.labels.end(), label), 16);
  }
  EXPECT_NE(dataset.train.pixels, dataset.test.pixels);
}

TEST(Stripes4, IsFrozen) {
  EXPECT_EQ(make_stripes4().sha256,
            "35f057d730e6d13dbf43fc7fdd8d3e8edeb43e689cf10d879f119fba6095a4c4");
}

}  // namespace
}  // namespace weir
