#include "core/kernels/panel_moments.h"

#include <cmath>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "core/kernels/conv/conv2d.h"
#include "tests/core/kernels/conditions.h"
#include "tests/core/kernels/conv_case.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

using kernels::MeanVariance;
using kernels::PanelMoments;
using testing::ConvCase;

constexpr double kEps = 1e-5;

// In double, in two passes.
MeanVariance definition(const Tensor& images) {
  const std::vector<float> values = nchw_from_images(images);
  const int plane = images.h() * images.w();
  const auto for_channel = [&](int c, auto visit) {
    for (int i = 0; i < images.n() * plane; ++i) {
      const int at = (i / plane * images.c() + c) * plane + i % plane;
      visit(double{values[static_cast<size_t>(at)]});
    }
  };
  MeanVariance expected;
  for (int c = 0; c < images.c(); ++c) {
    double mean = 0, variance = 0;
    const double count = double{1} * images.n() * plane;
    for_channel(c, [&](double x) { mean += x / count; });
    for_channel(c, [&](double x) { variance += (x - mean) * (x - mean) / count; });
    expected.mean.push_back(mean);
    expected.variance.push_back(variance);
  }
  return expected;
}

MeanVariance in_one_pass(const Tensor& images, std::span<const float> centres) {
  PanelMoments moments(centres);
  moments.start(images);
  moments.add(images);
  return moments.result(images, kEps);
}

// A sum of 32 numbers d and its halves, in float, is wrong by 34 * 2^-24 of the sum of |d| at most,
// so a mean by that share of sqrt(2 * (variance + eps)); the variance as the header says.
void expect_close(const MeanVariance& found, const MeanVariance& expected) {
  constexpr double kUnit = 1.0 / (1 << 24);
  ASSERT_EQ(found.mean.size(), expected.mean.size());
  ASSERT_EQ(found.variance.size(), expected.variance.size());
  for (size_t c = 0; c < found.mean.size(); ++c) {
    const double size = expected.variance[c] + kEps;
    EXPECT_NEAR(found.mean[c], expected.mean[c], 34 * kUnit * std::sqrt(2 * size)) << c;
    EXPECT_NEAR(found.variance[c], expected.variance[c], 170 * kUnit * size) << c;
  }
}

void expect_same(const MeanVariance& found, const MeanVariance& expected) {
  EXPECT_EQ(found.mean, expected.mean);
  EXPECT_EQ(found.variance, expected.variance);
}

// Uniform numbers of standard deviation 1 around `mean`; the padded rows hold rubbish.
Tensor spread_around(float mean, int n, int c, int h, int w) {
  Tensor images = testing::random_images(n, c, h, w, 1);
  for (int64_t i = 0; i < images.stored(); ++i) {
    images.data()[i] = mean + std::sqrt(3.f) * images.data()[i];
  }
  testing::fill_padded_rows(images, -1e6f);
  return images;
}

// The number of centres that a test needs, all alike.
std::vector<float> centres(int channels, float centre) {
  return std::vector<float>(static_cast<size_t>(channels), centre);
}

TEST(PanelMoments, MatchTheDefinitionFromAnyCentre) {
  testing::for_each_isa([] {
    for (const auto& [n, c, h, w] : std::vector<std::array<int, 4>>{{1, 3, 5, 4},
                                                                    {3, 1, 2, 7},
                                                                    {31, 6, 3, 2},
                                                                    {32, 17, 1, 1},
                                                                    {33, 16, 3, 5},
                                                                    {40, 10, 4, 13},
                                                                    {44, 50, 2, 3},
                                                                    {64, 112, 2, 2}}) {
      const Tensor images = spread_around(2.f, n, c, h, w);
      const MeanVariance expected = definition(images);
      for (const float centre : {2.f, 1.2f, 0.9f, -3.f, 1e4f}) {
        SCOPED_TRACE(images.shape().str() + " centre " + std::to_string(centre));
        expect_close(in_one_pass(images, centres(c, centre)), expected);
      }
    }
  });
}

// Around 0, sums of squares near 1e6 would leave two digits of the variance.
TEST(PanelMoments, SurviveAMeanFarFromTheCentre) {
  const Tensor images = spread_around(1000.f, 40, 5, 6, 7);
  expect_close(in_one_pass(images, centres(5, 0.f)), definition(images));
}

// One channel that is far away is enough to take all sums again, and a channel may be constant.
TEST(PanelMoments, LookAtEachChannel) {
  Tensor images = spread_around(0.f, 33, 3, 4, 5);
  for (int64_t i = 0; i < images.stored(); i += 3) {
    images.data()[i] = 3.f;
    images.data()[i + 2] += 50.f;
  }
  const MeanVariance found = in_one_pass(images, centres(3, 0.f));
  expect_close(found, definition(images));
  EXPECT_EQ(found.mean[0], 3.0);
  EXPECT_EQ(found.variance[0], 0.0);
}

TEST(PanelMoments, SurviveSquaresBeyondFloats) {
  Tensor huge = spread_around(0.f, 32, 2, 2, 2);
  for (int64_t i = 0; i < huge.stored(); ++i) huge.data()[i] = 1e20f + 1e14f * huge.data()[i];
  const MeanVariance expected = definition(huge), found = in_one_pass(huge, centres(2, 0.f));
  for (size_t c = 0; c < 2; ++c) {
    EXPECT_NEAR(found.variance[c] / expected.variance[c], 1, 1e-5);
  }
}

TEST(PanelMoments, PiecesAndTheirOrderDoNotChangeABit) {
  const Tensor images = spread_around(0.3f, 70, 17, 4, 9);
  PanelMoments moments(centres(17, 0.f));
  moments.start(images);
  for (int y = 3; y >= 0; --y) {
    for (int nb = 0; nb < images.blocks(); ++nb) {
      moments.add(images, nb, y, {5, 9});
      moments.add(images, nb, y, {0, 1});
      moments.add(images, nb, y, {1, 5});
    }
  }
  expect_same(moments.result(images, kEps), in_one_pass(images, centres(17, 0.f)));
}

TEST(PanelMoments, ThreadsDoNotChangeAByte) {
  const Tensor images = spread_around(0.3f, 70, 33, 11, 9);
  for (const float centre : {0.f, 20.f}) {  // in one pass, and in two
    testing::expect_same_bytes_for_any_threads([&] {
      const MeanVariance found = in_one_pass(images, centres(33, centre));
      std::vector<Tensor> bytes;
      for (const auto& list : {found.mean, found.variance}) {
        bytes.push_back(Tensor::empty({33, 2}));
        std::memcpy(bytes.back().data(), list.data(), bytes.back().bytes());
      }
      return bytes;
    });
  }
}

// Batches around the block, channels of no register; together they need every kernel, and cut rows
// into pieces in every way.
const ConvCase kCases[] = {
    {.n = 33, .c = 17, .k = 20, .h = 9, .w = 7, .kernel = {3, 3}, .padding = {1, 1}},
    {.n = 5, .c = 18, .k = 16, .h = 6, .w = 23, .kernel = {3, 3}, .padding = {0, 2}},
    {.n = 36, .c = 6, .k = 17, .h = 9, .w = 12, .kernel = {5, 3}, .padding = {0, 2}},
    {.n = 4, .c = 18, .k = 18, .h = 7, .w = 8, .kernel = {3, 5}, .stride = {2, 1}, .groups = 18},
    {.n = 40, .c = 19, .k = 7, .h = 4, .w = 3, .kernel = {4, 3}},
    {.n = 33, .c = 4, .k = 300, .h = 2, .w = 9, .kernel = {1, 1}},
};

std::vector<kernels::Epilogue> epilogues(const Tensor& bias) {
  const kernels::DropoutStream stream{.p = 0.4f, .seed = 5, .step = 3, .layer = 2};
  return {{},
          {.bias = bias.data()},
          {.bias = bias.data(), .relu = true},
          {.bias = bias.data(), .relu = true, .dropout = stream}};
}

// The sums that a kernel takes are those of what it has written.
void expect_moments_of_the_output(const kernels::Conv2dKernel& kernel, const ConvCase& c, DType x,
                                  DType y) {
  const kernels::ConvShape shape = c.shape();
  const Tensor floats = testing::random_images(c.n, c.c, c.h, c.w, 1);
  const Tensor weight = testing::random_plain({c.k, c.c / c.groups, c.kernel[0], c.kernel[1]}, 2);
  const Tensor bias = testing::random_plain({c.k}, 3);
  for (kernels::Epilogue epilogue : epilogues(bias)) {
    Tensor out = testing::poisoned_like(
        Tensor::images(c.n, c.k, shape.window.y.out(), shape.window.x.out(), y));
    PanelMoments taken(centres(c.k, 0.25f));
    taken.start(out);
    const auto add = [&](int nb, int row, Range columns) { taken.add(out, nb, row, columns); };
    const kernels::PanelsWritten written = add;
    epilogue.written = &written;
    kernel.forward(shape, x == DType::kF32 ? floats : testing::rounded(floats), weight, epilogue,
                   out);
    expect_same(taken.result(out, kEps), in_one_pass(out, centres(c.k, 0.25f)));
  }
}

TEST(PanelMoments, EveryConvolutionTakesThoseOfItsOutput) {
  std::set<std::string_view> tested;
  for (const kernels::Conv2dKernel* kernel : kernels::conv2d_kernels()) {
    for (const ConvCase& c : kCases) {
      for (const DType x : {DType::kF32, DType::kBF16}) {
        if (!kernel->accepts(c.shape(), x)) continue;
        for (const DType y : {x, DType::kF32}) {
          SCOPED_TRACE(::testing::Message() << kernel->name << ' ' << name_of(x) << " to "
                                            << name_of(y) << " k=" << c.k << " w=" << c.w);
          expect_moments_of_the_output(*kernel, c, x, y);
          tested.insert(kernel->name);
        }
      }
    }
  }
  for (const std::string_view name : {"depthwise", "winograd", "panels", "dense", "lanes", "taps",
                                      "reference", "bf16", "widened"}) {
    EXPECT_TRUE(tested.contains(name)) << name;
  }
}

}  // namespace
}  // namespace weir
