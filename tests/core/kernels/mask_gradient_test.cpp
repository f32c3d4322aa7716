#include "core/kernels/mask_gradient.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/kernels/activation.h"
#include "core/kernels/channel_sum.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

using testing::random_images;

struct Case {
  int n, c, h, w;
};
const std::vector<Case> kCases{
    {1, 1, 1, 1}, {3, 6, 5, 7}, {35, 17, 9, 4}, {40, 96, 3, 11}, {33, 700, 2, 1}};

// Zeros of both signs among the outputs, as a ReLU leaves them, and finite rubbish in padded rows.
Tensor outputs(const Case& size) {
  Tensor y = random_images(size.n, size.c, size.h, size.w, 1);
  for (int64_t i = 0; i < y.stored(); i += 3) y.data()[i] = i % 2 == 0 ? 0.f : -0.f;
  testing::fill_padded_rows(y, 0.5f);
  return y;
}

TEST(MaskGradient, MasksScalesAndSums) {
  constexpr float kScale = 1.f / (1.f - 0.3f);
  testing::for_each_isa([] {
    for (const Case& size : kCases) {
      SCOPED_TRACE(Shape({size.n, size.c, size.h, size.w}).str());
      const Tensor y = outputs(size), dy = random_images(size.n, size.c, size.h, size.w, 2);
      Tensor found = dy.clone();
      const Tensor sums = kernels::mask_gradient(y, kScale, found);
      ASSERT_EQ(sums.shape(), Shape{size.c});
      std::vector<double> expected(static_cast<size_t>(size.c));
      for (int64_t i = 0; i < dy.stored(); ++i) {
        const float gradient = y.data()[i] > 0 ? dy.data()[i] * kScale : 0.f;
        ASSERT_EQ(found.data()[i], gradient) << "number " << i;
        expected[static_cast<size_t>(i % size.c)] += double{gradient};
      }
      // At most n h w additions of numbers below 1.5, each rounding by 2^-24 of a partial sum,
      // which random signs keep far below their count.
      const double bound = 2e-7 * size.n * size.h * size.w;
      for (int c = 0; c < size.c; ++c) {
        ASSERT_NEAR(sums.data()[c], expected[static_cast<size_t>(c)], bound) << "channel " << c;
      }
      testing::expect_padded_rows_zero(found);
    }
  });
}

TEST(MaskGradient, OnBf16RoundsTheGradientAndSumsBeforeRounding) {
  testing::for_each_isa([] {
    for (const Case& size : kCases) {
      const Tensor y = testing::rounded(outputs(size));
      const Tensor dy = testing::rounded(random_images(size.n, size.c, size.h, size.w, 2));
      Tensor found = dy.clone(), expected = testing::widened(dy);
      const Tensor sums = kernels::mask_gradient(y, 1.1f, found);
      testing::expect_same_bytes(sums, kernels::mask_gradient(testing::widened(y), 1.1f, expected));
      testing::expect_same_bytes(found, testing::rounded(expected));
    }
  });
}

TEST(MaskGradient, EqualsTheBackwardOfRelu) {
  Tensor y = outputs(kCases[2]);
  for (int64_t i = 0; i < y.stored(); i += 50) y.data()[i] = std::nanf("");
  const Tensor dy = random_images(35, 17, 9, 4, 2);
  Tensor found = dy.clone(), expected = Tensor::like(dy);
  kernels::mask_gradient(y, 1.f, found);
  kernels::activation_backward(kernels::Activation::kRelu, 0.f, y, dy, expected);
  testing::expect_same_bytes(found, expected);
}

TEST(MaskGradient, ThreadsDoNotChangeAByte) {
  const Tensor y = random_images(128, 17, 12, 9, 1), dy = random_images(128, 17, 12, 9, 2);
  testing::expect_same_bytes_for_any_threads([&] {
    Tensor gradient = dy.clone();
    const Tensor sums = kernels::mask_gradient(y, 2.f, gradient);
    return std::vector<Tensor>{gradient, sums};
  });
}

}  // namespace
}  // namespace weir
