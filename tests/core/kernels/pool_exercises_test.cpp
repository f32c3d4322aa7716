// The exercises in programming of docs/pooling.md: each answered by plain loops, as one would write
// them from the definition, and compared with the library to the bit.
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "core/functions/max_pool2d_indices.h"
#include "core/functions/max_unpool2d.h"
#include "core/functions/pool2d.h"
#include "core/tensor/layout.h"

namespace weir {
namespace {

// One image of one channel.
struct Map {
  int h = 0, w = 0;
  std::vector<float> values;

  Map(int height, int width, float value = 0)
      : h(height),
        w(width),
        values(static_cast<size_t>(height) * static_cast<size_t>(width), value) {}
  float& at(int y, int x) { return values[static_cast<size_t>(y * w + x)]; }
  float at(int y, int x) const { return values[static_cast<size_t>(y * w + x)]; }
};

// All below zero: where a padding of zeros took part, it would win.
Map negative_map(int h, int w, std::mt19937& random) {
  Map map(h, w);
  std::uniform_real_distribution<float> draw(-9.f, -1.f);
  for (float& value : map.values) value = draw(random);
  return map;
}

Variable images_of(const Map& map) {
  return Variable(images_from_nchw(map.values.data(), 1, 1, map.h, map.w));
}

Map pad(const Map& map, int p, float with) {
  Map padded(map.h + 2 * p, map.w + 2 * p, with);
  for (int y = 0; y < map.h; ++y) {
    for (int x = 0; x < map.w; ++x) padded.at(y + p, x + p) = map.at(y, x);
  }
  return padded;
}

Map max_pool(const Map& map, int k, int s) {
  Map out((map.h - k) / s + 1, (map.w - k) / s + 1, -std::numeric_limits<float>::infinity());
  for (int y = 0; y < out.h; ++y) {
    for (int x = 0; x < out.w; ++x) {
      for (int i = 0; i < k * k; ++i) {
        out.at(y, x) = std::max(out.at(y, x), map.at(y * s + i / k, x * s + i % k));
      }
    }
  }
  return out;
}

TEST(PoolExercises, MaxPoolingPadsWithMinusInfinity) {
  std::mt19937 random(1);
  constexpr float kLeast = -std::numeric_limits<float>::infinity();
  for (const auto& [h, w, k, s, p] : std::vector<std::array<int, 5>>{
           {28, 28, 3, 2, 1}, {7, 9, 2, 2, 1}, {5, 8, 4, 3, 2}, {6, 5, 5, 1, 2}}) {
    const Map map = negative_map(h, w, random);
    const MaxPool2dOptions options{.kernel_size = {k, k}, .stride = {{s, s}}, .padding = {p, p}};
    const std::vector<float> found = nchw_from_images(max_pool2d(images_of(map), options).value());
    EXPECT_EQ(found, max_pool(pad(map, p, kLeast), k, s).values);
    EXPECT_NE(found, max_pool(pad(map, p, 0), k, s).values) << "zeros would have won";
  }
}

TEST(PoolExercises, UnpoolingPutsMaximaBack) {
  std::mt19937 random(2);
  for (const auto& [h, w, k] : std::vector<std::array<int, 3>>{{4, 6, 2}, {9, 6, 3}}) {
    const Map map = negative_map(h, w, random);
    Map sparse(h, w);
    for (int top = 0; top < h; top += k) {
      for (int left = 0; left < w; left += k) {
        int best = 0;
        for (int i = 1; i < k * k; ++i) {
          const bool wins =
              map.at(top + i / k, left + i % k) > map.at(top + best / k, left + best % k);
          if (wins) best = i;
        }
        sparse.at(top + best / k, left + best % k) = map.at(top + best / k, left + best % k);
      }
    }
    const MaxPooled pooled = max_pool2d_with_indices(images_of(map), {.kernel_size = {k, k}});
    const Variable back = max_unpool2d(pooled.y, pooled.indices, {.kernel_size = {k, k}});
    EXPECT_EQ(nchw_from_images(back.value()), sparse.values);
  }
}

struct Bin {
  int begin, end;
};

std::vector<Bin> adaptive_bins(int in, int out) {
  std::vector<Bin> bins;
  for (int i = 0; i < out; ++i) {
    const double first = double(i) * in / out, last = double(i + 1) * in / out;
    bins.push_back({static_cast<int>(std::floor(first)), static_cast<int>(std::ceil(last))});
  }
  return bins;
}

Map average_of_bins(const Map& map, const std::vector<Bin>& rows, const std::vector<Bin>& cols) {
  Map out(static_cast<int>(rows.size()), static_cast<int>(cols.size()));
  for (int y = 0; y < out.h; ++y) {
    for (int x = 0; x < out.w; ++x) {
      const Bin row = rows[static_cast<size_t>(y)], col = cols[static_cast<size_t>(x)];
      float sum = 0;
      for (int iy = row.begin; iy < row.end; ++iy) {
        for (int ix = col.begin; ix < col.end; ++ix) sum += map.at(iy, ix);
      }
      out.at(y, x) = sum / static_cast<float>((row.end - row.begin) * (col.end - col.begin));
    }
  }
  return out;
}

TEST(PoolExercises, AdaptiveBinsOfTwentyRandomSizes) {
  std::mt19937 random(3);
  std::uniform_int_distribution<int> side(2, 40);
  for (int i = 0; i < 20; ++i) {
    const Map map = negative_map(side(random), side(random), random);
    const int oh = std::uniform_int_distribution<int>(1, map.h)(random);
    const int ow = std::uniform_int_distribution<int>(1, map.w)(random);
    const Variable y = adaptive_avg_pool2d(images_of(map), {oh, ow});
    EXPECT_EQ(nchw_from_images(y.value()),
              average_of_bins(map, adaptive_bins(map.h, oh), adaptive_bins(map.w, ow)).values)
        << map.h << "x" << map.w << " to " << oh << "x" << ow;
  }
}

}  // namespace
}  // namespace weir
