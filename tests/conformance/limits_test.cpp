// What the family becomes at the ends of its parameters: members meet other members there.
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "core/functions/lp_pool2d.h"
#include "core/functions/max_pool2d_indices.h"
#include "core/functions/mixed_pool2d.h"
#include "core/functions/pool2d.h"
#include "core/functions/soft_pool2d.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"

namespace weir {
namespace {

using Pooling = std::function<Variable(const Variable&)>;

// Overlapping, padded, asymmetric.
const PoolWindow kWindow{.kernel_size = {3, 2}, .stride = {{2, 1}}, .padding = {1, 1}};
constexpr int kCells = 6;  // at most in a window

struct Passes {
  std::vector<float> y, dx;
};

Passes passes_of(const Pooling& pooling, const Tensor& images) {
  Tape tape;
  const Variable x(images, true);
  const Variable y = pooling(x);
  const Tensor dy = testing::upstream_for(y.value());
  const std::vector<float> output = nchw_from_images(y.value());
  tape.backward(testing::weighted_sum(y, dy));
  return {output, nchw_from_images(x.grad())};
}

Variable maximum(const Variable& x) {
  return max_pool2d(x, {.kernel_size = {3, 2}, .stride = {{2, 1}}, .padding = {1, 1}});
}

Variable average(const Variable& x) {
  return avg_pool2d(
      x,
      {.kernel_size = {3, 2}, .stride = {{2, 1}}, .padding = {1, 1}, .count_include_pad = false});
}

Pooling norm(LpForm form, float p) {
  return [=](const Variable& x) { return lp_pool2d(x, {.window = kWindow, .form = form, .p = p}); };
}

Tensor positive_images() {
  return images_from_nchw(testing::random_values(3 * 5 * 7 * 6, 1, 0.1f, 4.f).data(), 3, 5, 7, 6);
}

void expect_all_near(const std::vector<float>& found, const std::vector<float>& expected,
                     double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    ASSERT_NEAR(found[i], expected[i], tolerance) << "element " << i;
  }
}

// max (1/n)^(1/p) <= (mean x^p)^(1/p) <= max <= (sum x^p)^(1/p) <= max n^(1/p), but for rounding.
TEST(PoolLimits, NormsEncloseTheMaximum) {
  const Tensor x = positive_images();
  const std::vector<float> most = passes_of(maximum, x).y;
  for (const float p : {4.f, 16.f, 64.f, 256.f}) {
    const std::vector<float> mean = passes_of(norm(LpForm::kMean, p), x).y;
    const std::vector<float> sum = passes_of(norm(LpForm::kSum, p), x).y;
    const double reach = std::pow(kCells, 1.0 / double{p});
    for (size_t i = 0; i < most.size(); ++i) {
      ASSERT_LE(mean[i], most[i] * (1 + 1e-5)) << "p " << p;
      ASSERT_GE(mean[i], most[i] / reach * (1 - 1e-5)) << "p " << p;
      ASSERT_GE(sum[i], most[i] * (1 - 1e-5)) << "p " << p;
      ASSERT_LE(sum[i], most[i] * reach * (1 + 1e-5)) << "p " << p;
    }
  }
}

// With p = 256 and inputs 0.1 apart, the others share (1 - 0.1 / 4)^255 * 5 = 0.8% of the gradient.
TEST(PoolLimits, TheGradientOfALargeNormGoesToTheWinner) {
  std::vector<float> values(size_t{3} * 5 * 7 * 6);
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = 0.1f + 0.1f * static_cast<float>(i * 7 % 39);  // neighbours differ
  }
  const Tensor x = images_from_nchw(values.data(), 3, 5, 7, 6);
  expect_all_near(passes_of(norm(LpForm::kMean, 256), x).dx, passes_of(maximum, x).dx, 0.05);
}

TEST(PoolLimits, TheFirstNormIsTheAverage) {
  const Tensor x = positive_images();
  const Passes found = passes_of(norm(LpForm::kMean, 1), x), expected = passes_of(average, x);
  expect_all_near(found.y, expected.y, 4e-6);
  expect_all_near(found.dx, expected.dx, 4e-6);
}

// y - average is beta / 2 times a variance of at most range^2 / 4, and as much again by rounding:
// 2^-24 of a sum divided by beta.
TEST(PoolLimits, SmoothMaximaBeginAtTheAverage) {
  const Tensor x = testing::random_images(3, 5, 7, 6, 1);  // -1 to 1
  const Passes expected = passes_of(average, x);
  const SoftPool2dOptions options{.window = kWindow, .beta = 1e-3f};
  for (const auto& pooling : {soft_pool2d, log_sum_exp_pool2d}) {
    const Passes found = passes_of([&](const Variable& in) { return pooling(in, options); }, x);
    expect_all_near(found.y, expected.y, 4e-3);
    expect_all_near(found.dx, expected.dx, 4e-2);
  }
}

// Of inputs at least 0.1 apart, the largest outweighs each other one e^(0.1 beta) times, e^20 here.
TEST(PoolLimits, SmoothMaximaEndAtTheMaximum) {
  std::vector<float> values(size_t{3} * 5 * 7 * 6);
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = 0.1f * static_cast<float>(i * 7 % 39) - 2.f;
  }
  const Tensor x = images_from_nchw(values.data(), 3, 5, 7, 6);
  const Passes expected = passes_of(maximum, x);
  const SoftPool2dOptions options{.window = kWindow, .beta = 200};
  const Passes soft = passes_of([&](const Variable& in) { return soft_pool2d(in, options); }, x);
  expect_all_near(soft.y, expected.y, 1e-5);
  expect_all_near(soft.dx, expected.dx, 1e-4);
  // log(mean) stays log(n) / beta below.
  const Passes sum =
      passes_of([&](const Variable& in) { return log_sum_exp_pool2d(in, options); }, x);
  expect_all_near(sum.y, expected.y, std::log(kCells) / 200 + 1e-5);
  expect_all_near(sum.dx, expected.dx, 1e-4);
}

TEST(PoolLimits, MixturesOfAllAndNothingAreBitwiseTheirParts) {
  const Tensor x = testing::random_images(33, 5, 7, 6, 1);
  testing::for_each_isa([&] {
    for (const float share : {0.f, 1.f}) {
      const Passes found = passes_of(
          [&](const Variable& in) {
            return mixed_pool2d(in, Variable(Tensor::full({1}, share), true), kWindow);
          },
          x);
      const Passes expected = passes_of(share == 1.f ? maximum : average, x);
      EXPECT_EQ(found.y, expected.y) << share;
      EXPECT_EQ(found.dx, expected.dx) << share;
    }
  });
}

// sigmoid(0) = 1/2, and the gradient of the filter does not reach the input.
TEST(PoolLimits, AGateWithoutAFilterIsAnEvenMixture) {
  const Tensor x = testing::random_images(3, 5, 7, 6, 1);
  const Passes gated = passes_of(
      [](const Variable& in) {
        return gated_pool2d(in, Variable(Tensor::zeros({1, 3, 2}), true), kWindow);
      },
      x);
  const Passes mixed = passes_of(
      [](const Variable& in) {
        return mixed_pool2d(in, Variable(Tensor::full({1}, 0.5f), true), kWindow);
      },
      x);
  expect_all_near(gated.y, mixed.y, 1e-6);
  expect_all_near(gated.dx, mixed.dx, 1e-6);
}

// A window as large as the map, by three words.
TEST(PoolLimits, GlobalIsAdaptiveIsOneWindow) {
  const Tensor x = testing::random_images(33, 5, 7, 6, 1);
  const Passes window = passes_of(
      [](const Variable& in) {
        return max_pool2d(in, {.kernel_size = {7, 6}});
      },
      x);
  const Passes adaptive = passes_of(
      [](const Variable& in) {
        return adaptive_max_pool2d(in, {1, 1});
      },
      x);
  EXPECT_EQ(window.y, adaptive.y);
  EXPECT_EQ(window.dx, adaptive.dx);
  const Passes mean = passes_of(
      [](const Variable& in) {
        return avg_pool2d(in, {.kernel_size = {7, 6}});
      },
      x);
  const Passes adaptive_mean = passes_of(
      [](const Variable& in) {
        return adaptive_avg_pool2d(in, {1, 1});
      },
      x);
  EXPECT_EQ(mean.y, adaptive_mean.y);
  EXPECT_EQ(mean.dx, adaptive_mean.dx);
}

}  // namespace
}  // namespace weir
