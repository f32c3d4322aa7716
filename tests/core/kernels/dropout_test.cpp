#include "core/functions/dropout.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/kernels/dropout.h"
#include "core/runtime/philox.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"

namespace weir {
namespace {

using testing::random_images;

Tensor ones(int n, int c, int h, int w) {
  Tensor images = Tensor::images(n, c, h, w);
  std::fill_n(images.data(), images.stored(), 1.f);
  return images;
}

std::vector<float> decisions(const Tensor& x, const DropoutOptions& options) {
  testing::poison_next(x, 2);
  return nchw_from_images(dropout(Variable(x), options).value());
}

// The documented address: Philox block {pixel * ceil(C / 8) + c / 8, image, step,
// purpose | layer << 8}, and in it the 16 bits number c % 8.
float expected(const DropoutOptions& options, int image, int channels, int pixel, int channel) {
  const uint32_t groups = static_cast<uint32_t>(channels + 7) / 8;
  const PhiloxBlock words =
      philox4x32({static_cast<uint32_t>(pixel) * groups + static_cast<uint32_t>(channel) / 8,
                  static_cast<uint32_t>(image), options.step, 4u | options.layer << 8},
                 {static_cast<uint32_t>(options.seed), static_cast<uint32_t>(options.seed >> 32)});
  const uint32_t drawn = words[static_cast<size_t>(channel % 8 / 2)] >> (channel % 2 * 16) & 0xFFFF;
  const bool dropped = static_cast<float>(drawn) < std::round(options.p * 65536.f);
  return dropped ? 0.f : 1.f / (1.f - options.p);
}

TEST(Dropout, EveryDecisionComesFromItsAddress) {
  const DropoutOptions options{.p = 0.3f, .seed = 0x123456789ABCDEF, .step = 7, .layer = 3};
  testing::for_each_isa([&] {
    for (const int n : {1, 3, 33, 40}) {
      for (const int c : {1, 3, 8, 16, 17, 24}) {
        const std::vector<float> found = decisions(ones(n, c, 2, 3), options);
        for (int i = 0; i < n * c * 6; ++i) {
          ASSERT_EQ(found[static_cast<size_t>(i)],
                    expected(options, i / (c * 6), c, i % 6, i / 6 % c))
              << n << " images, " << c << " channels, element " << i;
        }
      }
    }
  });
}

TEST(Dropout, AnImageGetsTheSameDecisionsInAnyBatch) {
  const DropoutOptions options{.p = 0.5f, .seed = 3};
  const std::vector<float> small = decisions(ones(3, 6, 4, 5), options);
  const std::vector<float> large = decisions(ones(70, 6, 4, 5), options);
  EXPECT_TRUE(std::equal(small.begin(), small.end(), large.begin()));
}

TEST(Dropout, SeedStepAndLayerEachChangeTheDecisions) {
  const Tensor x = ones(2, 16, 4, 4);
  const std::vector<float> base = decisions(x, {.seed = 1, .step = 1, .layer = 1});
  EXPECT_EQ(base, decisions(x, {.seed = 1, .step = 1, .layer = 1}));
  EXPECT_NE(base, decisions(x, {.seed = 2, .step = 1, .layer = 1}));
  EXPECT_NE(base, decisions(x, {.seed = 1ull << 40 | 1, .step = 1, .layer = 1}));
  EXPECT_NE(base, decisions(x, {.seed = 1, .step = 2, .layer = 1}));
  EXPECT_NE(base, decisions(x, {.seed = 1, .step = 1, .layer = 2}));
}

TEST(Dropout, DropsTheAskedShare) {
  for (const float p : {0.1f, 0.5f, 0.9f}) {
    const std::vector<float> found = decisions(ones(40, 16, 16, 16), {.p = p, .seed = 5});
    double dropped = 0, sum = 0;
    for (const float value : found) {
      dropped += value == 0.f ? 1 : 0;
      sum += double{value};
    }
    // Five standard deviations of a binomial share.
    const double count = static_cast<double>(found.size()), share = double{p};
    const double bound = 5 * std::sqrt(share * (1 - share) / count);
    EXPECT_NEAR(dropped / count, share, bound);
    EXPECT_NEAR(sum / count, 1.0, bound / (1 - share));
  }
}

TEST(Dropout, BackwardRepeatsTheDecisionsOfForward) {
  const DropoutOptions options{.p = 0.4f, .seed = 9, .step = 2, .layer = 1};
  const Tensor ones_tensor = ones(33, 6, 3, 2);
  const Variable x(ones_tensor, true);
  Tape tape;
  const Variable y = dropout(x, options);
  const Tensor upstream = testing::upstream_for(y.value());
  tape.backward(testing::weighted_sum(y, upstream));
  for (int64_t i = 0; i < upstream.stored(); ++i) {
    ASSERT_EQ(x.grad().data()[i], y.value().data()[i] * upstream.data()[i]);
  }
  testing::expect_padded_rows_zero(x.grad());
}

TEST(Dropout, ThreadsDoNotChangeAByte) {
  const Tensor x = random_images(40, 17, 5, 6, 1);
  testing::expect_same_bytes_for_any_threads(
      [&] { return std::vector<Tensor>{dropout(Variable(x), {.p = 0.5f, .seed = 1}).value()}; });
}

TEST(Dropout, NothingToDropReturnsItsInput) {
  const Tensor x = ones(2, 3, 2, 2);
  EXPECT_EQ(dropout(Variable(x), {.p = 0}).value().data(), x.data());
}

TEST(Dropout, RefusesProbabilitiesOutOfRange) {
  const Variable x(ones(2, 3, 2, 2));
  EXPECT_THROW(dropout(x, {.p = 1.f}), Error);
  EXPECT_THROW(dropout(x, {.p = -0.1f}), Error);
  EXPECT_THROW(dropout(x, {.p = std::nanf("")}), Error);
  EXPECT_THROW(dropout(x, {.layer = 1u << 24}), Error);
  EXPECT_THROW(dropout(Variable(Tensor::zeros({4})), {}), Error);
}

}  // namespace
}  // namespace weir
