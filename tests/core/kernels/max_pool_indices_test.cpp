#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/functions/max_pool2d_indices.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/both_passes.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"
#include "tests/support/message_of.h"
#include "tests/support/planes.h"

namespace weir {
namespace {

using testing::both_passes;
using ::testing::HasSubstr;
using testing::message_of;
using testing::Plane;
using testing::random_images;

// A window written out: the pixels it sees, as (row, column), in row-major order.
using Cells = std::vector<std::array<int, 2>>;

Cells sliding_cells(const MaxPool2dOptions& o, int h, int w, int oy, int ox) {
  Cells cells;
  for (int ky = 0; ky < o.kernel_size[0]; ++ky) {
    for (int kx = 0; kx < o.kernel_size[1]; ++kx) {
      const int row = oy * (*o.stride)[0] - o.padding[0] + ky * o.dilation[0];
      const int column = ox * (*o.stride)[1] - o.padding[1] + kx * o.dilation[1];
      if (row >= 0 && row < h && column >= 0 && column < w) cells.push_back({row, column});
    }
  }
  return cells;
}

Cells adaptive_cells(std::array<int, 2> size, int h, int w, int oy, int ox) {
  Cells cells;
  const auto covers = [](int at, int out, int in, int output) {
    return (at + 1) * out > output * in && at * out < (output + 1) * in;
  };
  for (int row = 0; row < h; ++row) {
    for (int column = 0; column < w; ++column) {
      if (covers(row, size[0], h, oy) && covers(column, size[1], w, ox)) {
        cells.push_back({row, column});
      }
    }
  }
  return cells;
}

// PyTorch's rule by hand: the first maximum, the last NaN, the first pixel of nothing but -inf.
std::array<int, 2> winner_of(const Cells& cells, const Plane& x) {
  std::array<int, 2> winner = cells.front();
  float best = -std::numeric_limits<float>::infinity();
  for (const auto& [row, column] : cells) {
    const float value = x.at(row, column);
    if (value > best || std::isnan(value)) {
      best = value;
      winner = {row, column};
    }
  }
  return winner;
}

using Windows = std::function<Cells(int oy, int ox)>;

// Values, indices and gradient of `function`, whose windows are `windows`.
void expect_max_of(const std::function<MaxPooled(const Variable&)>& function,
                   const Windows& windows, const Tensor& x) {
  const Tensor shape = function(Variable(x)).y.value();
  const Tensor dy = random_images(x.n(), x.c(), shape.h(), shape.w(), 2);
  Tensor indices;
  const auto [y, dx] = both_passes(
      [&](const Variable& in) {
        const MaxPooled pooled = function(in);
        indices = pooled.indices;
        return pooled.y;
      },
      x, dy);
  ASSERT_EQ(indices.dtype(), DType::kI32);
  for (int n = 0; n < x.n(); ++n) {
    for (int c = 0; c < x.c(); ++c) {
      const Plane in(x, n, c), out(y, n, c), gradient(dx, n, c), upstream(dy, n, c);
      std::vector<float> sums(static_cast<size_t>(x.h() * x.w()));
      for (int oy = 0; oy < y.h(); ++oy) {
        for (int ox = 0; ox < y.w(); ++ox) {
          const auto [row, column] = winner_of(windows(oy, ox), in);
          const float value = in.at(row, column);
          ASSERT_TRUE(out.at(oy, ox) == value || (std::isnan(value) && std::isnan(out.at(oy, ox))));
          ASSERT_EQ(testing::stored_at<int32_t>(indices, n, c, oy, ox), row * x.w() + column);
          sums[static_cast<size_t>(row * x.w() + column)] += upstream.at(oy, ox);
        }
      }
      for (int i = 0; i < x.h() * x.w(); ++i) {
        ASSERT_EQ(gradient.at(i / x.w(), i % x.w()), sums[static_cast<size_t>(i)]);
      }
    }
  }
  testing::expect_padded_rows_zero(dx);
}

// Few distinct values, so that most windows hold ties; with `special`, also NaN and infinities.
Tensor tied_images(int n, int c, int h, int w, bool special) {
  Tensor x = random_images(n, c, h, w, 3);
  Philox random(1, Purpose::kTest);
  for (int64_t i = 0; i < x.stored(); ++i) {
    x.data()[i] = std::round(x.data()[i] * 2);
    if (!special) continue;
    const float draw = random.uniform();
    if (draw < 0.5f) x.data()[i] = -std::numeric_limits<float>::infinity();
    if (draw > 0.9f) x.data()[i] = std::nanf("");
  }
  if (!special) testing::fill_padded_rows(x, 5.f);
  return x;
}

const std::vector<MaxPool2dOptions> kSliding{
    {.kernel_size = {2, 2}, .stride = {{2, 2}}},
    {.kernel_size = {3, 2}, .stride = {{2, 1}}, .padding = {1, 1}},
    {.kernel_size = {2, 3}, .stride = {{1, 2}}, .padding = {1, 2}, .dilation = {3, 2}},
    {.kernel_size = {3, 4}, .stride = {{2, 3}}, .padding = {1, 1}, .ceil_mode = true},
};

TEST(MaxPoolIndices, SlidingWindows) {
  testing::for_each_isa([] {
    for (const MaxPool2dOptions& options : kSliding) {
      for (const auto& [n, c] : {std::pair{1, 3}, {3, 6}, {32, 1}, {33, 3}}) {
        for (const bool special : {false, true}) {
          if (special && n == 33) continue;  // NaN may not reach padded rows
          expect_max_of([&](const Variable& x) { return max_pool2d_with_indices(x, options); },
                        [&](int oy, int ox) { return sliding_cells(options, 7, 9, oy, ox); },
                        tied_images(n, c, 7, 9, special));
        }
      }
    }
  });
}

TEST(MaxPoolIndices, AdaptiveWindows) {
  testing::for_each_isa([] {
    for (const std::array<int, 2> size : {std::array{3, 2}, {1, 1}, {9, 8}, {7, 5}}) {
      for (const auto& [n, c] : {std::pair{1, 3}, {3, 6}, {32, 1}, {33, 3}}) {
        for (const bool special : {false, true}) {
          if (special && n == 33) continue;
          expect_max_of(
              [&](const Variable& x) { return adaptive_max_pool2d_with_indices(x, size); },
              [&](int oy, int ox) { return adaptive_cells(size, 7, 5, oy, ox); },
              tied_images(n, c, 7, 5, special));
        }
      }
    }
  });
}

TEST(MaxPoolIndices, WindowsOfMoreTapsThanABytesHoldAreIndexed) {
  const MaxPool2dOptions options{.kernel_size = {17, 16}, .stride = {{1, 2}}};
  expect_max_of([&](const Variable& x) { return max_pool2d_with_indices(x, options); },
                [&](int oy, int ox) { return sliding_cells(options, 18, 19, oy, ox); },
                tied_images(3, 2, 18, 19, false));
}

TEST(MaxPoolIndices, AskingForIndicesChangesNothingElse) {
  const Tensor x = random_images(33, 3, 7, 9, 1);
  const MaxPool2dOptions& options = kSliding[1];
  const auto without = both_passes([&](const Variable& in) { return max_pool2d(in, options); }, x,
                                   random_images(33, 3, 4, 10, 2));
  const auto with =
      both_passes([&](const Variable& in) { return max_pool2d_with_indices(in, options).y; }, x,
                  random_images(33, 3, 4, 10, 2));
  testing::expect_same_bytes(with.y, without.y);
  testing::expect_same_bytes(with.dx, without.dx);
}

TEST(MaxPoolIndices, Bfloat16PicksTheSamePixels) {
  const Tensor x = testing::rounded(random_images(35, 6, 8, 7, 1));
  const Tensor floats = testing::widened(x);
  testing::for_each_isa([&] {
    for (const MaxPool2dOptions& options : kSliding) {
      testing::expect_same_bytes(max_pool2d_with_indices(Variable(x), options).indices,
                                 max_pool2d_with_indices(Variable(floats), options).indices);
    }
    const MaxPooled narrow = adaptive_max_pool2d_with_indices(Variable(x), {3, 2});
    const MaxPooled wide = adaptive_max_pool2d_with_indices(Variable(floats), {3, 2});
    testing::expect_same_bytes(narrow.indices, wide.indices);
    testing::expect_same_bytes(narrow.y.value(), testing::rounded(wide.y.value()));
  });
}

TEST(MaxPoolIndices, ThreadsDoNotChangeAByte) {
  const Tensor x = random_images(40, 17, 9, 8, 1), dy = random_images(40, 17, 4, 3, 2);
  testing::expect_same_bytes_for_any_threads([&] {
    Tensor indices;
    const auto passes = both_passes(
        [&](const Variable& in) {
          const MaxPooled pooled = adaptive_max_pool2d_with_indices(in, {4, 3});
          indices = pooled.indices;
          return pooled.y;
        },
        x, dy);
    return std::vector<Tensor>{passes.y, passes.dx, indices};
  });
}

TEST(MaxPoolIndices, GradientAgreesWithDifferences) {
  Tensor spread = random_images(3, 2, 7, 6, 1);  // no two values within a step
  for (int64_t i = 0; i < spread.stored(); ++i) {
    spread.data()[i] = static_cast<float>(i * 7919 % spread.stored()) * 0.1f;
  }
  testing::gradcheck(
      [](const std::vector<Variable>& in) {
        return adaptive_max_pool2d(in[0], {3, 4});
      },
      {Variable(spread, true)}, {.tolerance = 5e-3});
}

TEST(MaxPoolIndices, ErrorsNameTheNumbers) {
  const Variable x(Tensor::images_zeros(2, 3, 4, 5));
  EXPECT_THAT(message_of([&] {
                max_pool2d_with_indices(x, {.kernel_size = {6, 2}});
              }),
              HasSubstr("floor((4 + 2*0 - 1*(6-1) - 1) / 6) + 1"));
  EXPECT_THAT(message_of([&] {
                adaptive_max_pool2d(x, {0, 2});
              }),
              HasSubstr("[adaptive_max_pool2d] output_size: expected at least 1, got (0, 2)"));
  EXPECT_THAT(message_of([&] {
                adaptive_max_pool2d_with_indices(Variable(Tensor::zeros({2, 3, 4, 5})), {1, 2});
              }),
              HasSubstr("(2, 3, 4, 5)"));
}

}  // namespace
}  // namespace weir
