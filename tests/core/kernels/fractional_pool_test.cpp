#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/functions/fractional_max_pool2d.h"
#include "tests/support/both_passes.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"
#include "tests/support/message_of.h"
#include "tests/support/planes.h"

namespace weir {
namespace {

using ::testing::AllOf;
using testing::both_passes;
using ::testing::HasSubstr;
using testing::message_of;
using testing::Plane;
using testing::random_images;
using testing::stored_at;

constexpr int kH = 13, kW = 10;
const FractionalMaxPool2dOptions kTorch{.kernel_size = {3, 2}, .output_size = {{8, 7}}, .seed = 5};
const FractionalMaxPool2dOptions kDisjoint{
    .output_size = {{8, 7}}, .regions = FractionalRegions::kDisjoint, .seed = 5, .layer = 1};
const FractionalMaxPool2dOptions kOverlapping{.output_ratio = {{0.7, 0.6}},
                                              .regions = FractionalRegions::kOverlapping,
                                              .sequence = FractionalSequence::kRandom,
                                              .seed = 5};

Tensor samples_for(int n, int c, uint32_t stream) {
  return Tensor::from(testing::random_values(int64_t{n} * c * 2, stream, 0.f, 1.f), {n, c, 2});
}

// PyTorch's FractionalMaxPool2d.cpp for one lane.
std::vector<Range> torch_windows(int in, int out, int kernel, float u) {
  std::vector<Range> windows;
  for (int i = 0; i < out; ++i) {
    int start = in - kernel;
    if (i < out - 1) {
      const float alpha = static_cast<float>(in - kernel) / static_cast<float>(out - 1);
      start = static_cast<int>((static_cast<float>(i) + u) * alpha) - static_cast<int>(u * alpha);
    }
    windows.push_back({start, start + kernel});
  }
  return windows;
}

// The windows of one lane, read off the pixels that win: the last ones where values grow, the first
// ones where they fall.
struct Windows {
  std::vector<Range> y, x;
};
Windows visible_windows(const FractionalMaxPool2dOptions& options, int images, int channels, int n,
                        int c) {
  Tensor rising = Tensor::images(images, channels, kH, kW), falling = Tensor::like(rising);
  for (int64_t pixel = 0; pixel < rising.stored() / rising.panel_size(); ++pixel) {
    for (int64_t lane = 0; lane < rising.panel_size(); ++lane) {
      const float value = static_cast<float>(pixel % (kH * kW));
      rising.data()[pixel * rising.panel_size() + lane] = value;
      falling.data()[pixel * rising.panel_size() + lane] = -value;
    }
  }
  const Tensor first = fractional_max_pool2d_with_indices(Variable(falling), options).indices;
  const Tensor last = fractional_max_pool2d_with_indices(Variable(rising), options).indices;
  Windows windows;
  for (int o = 0; o < first.h(); ++o) {
    windows.y.push_back({stored_at<int32_t>(first, n, c, o, 0) / kW,
                         stored_at<int32_t>(last, n, c, o, 0) / kW + 1});
  }
  for (int o = 0; o < first.w(); ++o) {
    windows.x.push_back({stored_at<int32_t>(first, n, c, 0, o) % kW,
                         stored_at<int32_t>(last, n, c, 0, o) % kW + 1});
  }
  return windows;
}

// Values, indices and gradient of one lane against its windows.
void expect_max_in(const Windows& windows, const Plane& x, const Plane& y, const Plane& dy,
                   const Plane& dx, const std::function<int(int, int)>& index) {
  std::map<int, float> sums;
  for (size_t oy = 0; oy < windows.y.size(); ++oy) {
    for (size_t ox = 0; ox < windows.x.size(); ++ox) {
      const int row = static_cast<int>(oy), column = static_cast<int>(ox);
      float best = -std::numeric_limits<float>::infinity();
      int winner = windows.y[oy].begin * kW + windows.x[ox].begin;
      for (int iy = windows.y[oy].begin; iy < windows.y[oy].end; ++iy) {
        for (int ix = windows.x[ox].begin; ix < windows.x[ox].end; ++ix) {
          const float value = x.at(iy, ix);
          if (!(value > best) && !std::isnan(value)) continue;
          best = value;
          winner = iy * kW + ix;
        }
      }
      const float found = y.at(row, column);
      ASSERT_TRUE(found == best || (std::isnan(found) && std::isnan(best)));
      ASSERT_EQ(index(row, column), winner);
      sums[winner] += dy.at(row, column);
    }
  }
  for (int i = 0; i < kH * kW; ++i) ASSERT_EQ(dx.at(i / kW, i % kW), sums[i]) << i;
}

Tensor images_for(int n, int c, bool special) {
  Tensor x = random_images(n, c, kH, kW, 3);
  Philox random(1, Purpose::kTest);
  for (int64_t i = 0; i < x.stored(); ++i) {
    x.data()[i] = std::round(x.data()[i] * 2);  // ties
    if (!special) continue;
    const float draw = random.uniform();
    if (draw < 0.6f) x.data()[i] = -std::numeric_limits<float>::infinity();
    if (draw > 0.9f) x.data()[i] = std::nanf("");
  }
  if (!special) testing::fill_padded_rows(x, 5.f);
  return x;
}

// Every lane against the windows that `windows_of(n, c)` says.
void expect_pooled(const FractionalMaxPool2dOptions& options, const Tensor& x,
                   const std::function<Windows(int n, int c)>& windows_of) {
  const auto [oh, ow] = output_size_of(options, kH, kW);
  const Tensor dy = random_images(x.n(), x.c(), oh, ow, 2);
  Tensor indices;
  const auto [y, dx] = both_passes(
      [&](const Variable& in) {
        const MaxPooled pooled = fractional_max_pool2d_with_indices(in, options);
        indices = pooled.indices;
        return pooled.y;
      },
      x, dy);
  for (int n = 0; n < x.n(); ++n) {
    for (int c = 0; c < x.c(); ++c) {
      SCOPED_TRACE("image " + std::to_string(n) + ", channel " + std::to_string(c));
      expect_max_in(
          windows_of(n, c), Plane(x, n, c), Plane(y, n, c), Plane(dy, n, c), Plane(dx, n, c),
          [&](int row, int column) { return stored_at<int32_t>(indices, n, c, row, column); });
    }
  }
  testing::expect_padded_rows_zero(dx);
}

TEST(FractionalPool, PyTorchsWindowsForGivenSamples) {
  testing::for_each_isa([] {
    for (const auto& [n, c] : {std::pair{1, 3}, {3, 6}, {32, 1}, {33, 3}}) {
      for (const bool special : {false, true}) {
        if (special && n == 33) continue;  // NaN may not reach padded rows
        FractionalMaxPool2dOptions options = kTorch;
        options.random_samples = samples_for(n, c, 9);
        const float* u = options.random_samples.data();
        expect_pooled(options, images_for(n, c, special), [&, c = c](int image, int channel) {
          const int lane = image * c + channel;
          return Windows{torch_windows(kH, 8, 3, u[lane * 2 + 1]),
                         torch_windows(kW, 7, 2, u[lane * 2])};
        });
      }
    }
  });
}

TEST(FractionalPool, SamplesAtTheirLimits) {
  for (const float u : {0.f, 0.5f, 0.99999994f}) {
    for (const std::array<int, 2> size : {std::array{1, 1}, {2, 9}, {11, 4}}) {
      FractionalMaxPool2dOptions options = kTorch;
      options.output_size = size;
      options.random_samples = Tensor::full({2, 3, 2}, u);
      expect_pooled(options, images_for(2, 3, false), [&](int, int) {
        return Windows{torch_windows(kH, size[0], 3, u), torch_windows(kW, size[1], 2, u)};
      });
    }
  }
}

// Disjoint windows tile the map, overlapping ones share one pixel with the next; sizes follow.
void expect_chain(const std::vector<Range>& windows, int in, int overlap) {
  EXPECT_EQ(windows.front().begin, 0);
  EXPECT_EQ(windows.back().end, in);
  for (size_t i = 0; i < windows.size(); ++i) {
    EXPECT_GE(windows[i].size(), 1 + overlap);
    EXPECT_LE(windows[i].size(), 2 + overlap);
    if (i > 0) {
      EXPECT_EQ(windows[i].begin, windows[i - 1].end - overlap);
    }
  }
}

TEST(FractionalPool, GrahamsRegionsChainAndCoverTheMap) {
  for (FractionalMaxPool2dOptions options : {kDisjoint, kOverlapping}) {
    const int overlap = options.regions == FractionalRegions::kOverlapping ? 1 : 0;
    for (const auto sequence : {FractionalSequence::kPseudorandom, FractionalSequence::kRandom}) {
      options.sequence = sequence;
      for (options.step = 0; options.step < 20; ++options.step) {
        const Windows windows = visible_windows(options, 3, 5, 2, 4);
        expect_chain(windows.y, kH, overlap);
        expect_chain(windows.x, kW, overlap);
      }
    }
  }
}

TEST(FractionalPool, GrahamsRegionsHoldTheirMaxima) {
  testing::for_each_isa([] {
    for (const FractionalMaxPool2dOptions& options : {kDisjoint, kOverlapping}) {
      for (const auto& [n, c] : {std::pair{1, 3}, {3, 17}}) {
        expect_pooled(options, images_for(n, c, false), [&, n = n, c = c](int image, int channel) {
          return visible_windows(options, n, c, image, channel);
        });
      }
    }
  });
}

// a_i = ceil(alpha * (i + u)) in exact arithmetic: 2^-25 short of u = 3/8, on purpose away from
// whole numbers. alpha = 13/8.
TEST(FractionalPool, PseudorandomEdgesByHand) {
  int32_t edges[9];
  kernels::draw_edges({.in = 13, .out = 8}, FractionalRegions::kDisjoint,
                      FractionalSequence::kPseudorandom, {.u = 0.375f}, edges, 1);
  for (int i = 0; i <= 8; ++i) {
    EXPECT_EQ(edges[i], std::ceil(13.0 / 8 * (i + 0.375 + 0x1p-25)) - 1) << i;
  }
}

// With 5 steps of 2 among 8, each place holds a 2 with probability 5/8: 2000 draws have a standard
// deviation of sqrt(2000 * 15/64) = 21.7, and 5 of those are far out for 8 places.
TEST(FractionalPool, RandomStepsAreEquallyLikelyEverywhere) {
  std::array<int, 8> twos{};
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    int32_t edges[9];
    kernels::draw_edges({.in = 13, .out = 8}, FractionalRegions::kDisjoint,
                        FractionalSequence::kRandom, {.seed = seed}, edges, 1);
    for (size_t i = 0; i < 8; ++i) twos[i] += edges[i + 1] - edges[i] == 2;
  }
  for (const int count : twos) EXPECT_NEAR(count, 1250, 109);
}

std::set<std::vector<int>> distinct_begins(const FractionalMaxPool2dOptions& options) {
  std::set<std::vector<int>> distinct;
  for (int n = 0; n < 3; ++n) {
    for (int c = 0; c < 5; ++c) {
      std::vector<int> begins;
      const Windows windows = visible_windows(options, 3, 5, n, c);
      for (const Range& window : windows.y) begins.push_back(window.begin);
      for (const Range& window : windows.x) begins.push_back(window.begin);
      distinct.insert(begins);
    }
  }
  return distinct;
}

TEST(FractionalPool, EveryImageAndChannelDrawsUnlessShared) {
  for (FractionalMaxPool2dOptions options : {kTorch, kDisjoint, kOverlapping}) {
    EXPECT_GE(distinct_begins(options).size(), 8u);
    options.shared = true;
    EXPECT_EQ(distinct_begins(options).size(), 1u);
  }
}

TEST(FractionalPool, TheAddressDecides) {
  const Tensor x = random_images(3, 5, kH, kW, 1);
  const auto pooled = [&](const FractionalMaxPool2dOptions& options) {
    return nchw_from_images(fractional_max_pool2d(Variable(x), options).value());
  };
  for (const FractionalMaxPool2dOptions& options : {kTorch, kOverlapping}) {
    EXPECT_EQ(pooled(options), pooled(options));
    FractionalMaxPool2dOptions other = options;
    other.seed = 6;
    EXPECT_NE(pooled(other), pooled(options));
    other = options;
    other.step = 1;
    EXPECT_NE(pooled(other), pooled(options));
    other = options;
    other.layer = 7;
    EXPECT_NE(pooled(other), pooled(options));
  }
}

TEST(FractionalPool, Bfloat16PicksTheSamePixelsAndRoundsOnce) {
  const Tensor x = testing::rounded(random_images(35, 6, kH, kW, 1));
  const Tensor dy = testing::rounded(random_images(35, 6, 8, 7, 2));
  testing::for_each_isa([&] {
    for (const FractionalMaxPool2dOptions& options : {kTorch, kDisjoint}) {
      const auto pool = [&](const Variable& in) { return fractional_max_pool2d(in, options); };
      const auto narrow = both_passes(pool, x, dy);
      const auto wide = both_passes(pool, testing::widened(x), testing::widened(dy));
      testing::expect_same_bytes(narrow.y, testing::rounded(wide.y));
      testing::expect_same_bytes(narrow.dx, testing::rounded(wide.dx));
    }
  });
}

TEST(FractionalPool, ThreadsDoNotChangeAByte) {
  const Tensor x = random_images(40, 17, kH, kW, 1), dy = random_images(40, 17, 8, 7, 2);
  for (const FractionalMaxPool2dOptions& options : {kTorch, kDisjoint}) {
    testing::expect_same_bytes_for_any_threads([&] {
      const auto passes = both_passes(
          [&](const Variable& in) { return fractional_max_pool2d(in, options); }, x, dy);
      return std::vector<Tensor>{passes.y, passes.dx};
    });
  }
}

TEST(FractionalPool, GradientAgreesWithDifferences) {
  Tensor spread = random_images(3, 2, kH, kW, 1);  // no two values within a step
  for (int64_t i = 0; i < spread.stored(); ++i) {
    spread.data()[i] = static_cast<float>(i * 7919 % spread.stored()) * 0.1f;
  }
  // Sums of 336 terms up to 78 round by about 336 * 2^-24 * 78 = 1.6e-3 of the step 1e-2 at worst;
  // what is left of that after cancellation stays far below.
  testing::gradcheck(
      [](const std::vector<Variable>& in) { return fractional_max_pool2d(in[0], kTorch); },
      {Variable(spread, true)}, {.tolerance = 5e-3});
}

TEST(FractionalPool, ErrorsNameTheNumbers) {
  const Variable x(Tensor::images_zeros(2, 3, 8, 9));
  const auto error = [&](FractionalMaxPool2dOptions options) {
    return message_of([&] { fractional_max_pool2d(x, options); });
  };
  EXPECT_THAT(error({}), HasSubstr("either output_size or output_ratio, got neither"));
  EXPECT_THAT(error({.output_size = {{3, 3}}, .output_ratio = {{0.5, 0.5}}}), HasSubstr("both"));
  EXPECT_THAT(error({.kernel_size = {3, 2}, .output_size = {{7, 4}}}),
              HasSubstr("height: expected a kernel_size of at least 1 and output + kernel_size - 1 "
                        "of at most the input, got output 7, kernel_size 3 on 8"));
  EXPECT_THAT(error({.output_ratio = {{0.5, 1.0}}}), HasSubstr("below 1, got 1"));
  EXPECT_THAT(error({.output_ratio = {{0.1, 0.5}}}), HasSubstr("an input of 8 leaves no output"));
  EXPECT_THAT(error({.output_size = {{5, 4}}, .regions = FractionalRegions::kDisjoint}),
              HasSubstr("width: Graham's regions need an input between 1 and 2 times the output, "
                        "got 9 / 4 = 2.25"));
  EXPECT_THAT(error({.output_size = {{8, 6}}, .regions = FractionalRegions::kOverlapping}),
              HasSubstr("got 8 / 8 = 1"));
  FractionalMaxPool2dOptions options{.output_size = {{5, 5}}};
  options.random_samples = Tensor::zeros({2, 2, 2});
  EXPECT_THAT(error(options), AllOf(HasSubstr("(2, 3, 2)"), HasSubstr("(2, 2, 2)")));
  options.random_samples = Tensor::full({2, 3, 2}, 1.f);
  EXPECT_THAT(error(options), HasSubstr("at least 0 and below 1, got 1 at 0"));
  options.random_samples = Tensor::zeros({2, 3, 2});
  options.regions = FractionalRegions::kDisjoint;
  options.sequence = FractionalSequence::kRandom;
  EXPECT_THAT(error(options), HasSubstr("drawn from the seed"));
}

}  // namespace
}  // namespace weir
