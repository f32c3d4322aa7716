#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/functions/conv_transpose2d.h"
#include "tests/support/both_passes.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"
#include "tests/support/message_of.h"
#include "tests/support/planes.h"

namespace weir {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::message_of;
using testing::Plane;
using testing::random_images;
using testing::random_plain;

struct TransposeCase {
  int kh, kw;
  ConvTranspose2dOptions options;
};
const std::vector<TransposeCase> kCases{
    {2, 2, {.stride = {2, 2}}},
    {3, 2, {.stride = {2, 3}, .padding = {1, 0}, .output_padding = {1, 2}}},
    {3, 3, {.padding = {1, 1}}},
    {2, 3, {.stride = {3, 1}, .padding = {0, 2}, .dilation = {2, 2}}},
    {1, 4, {.stride = {1, 2}, .padding = {0, 1}}},
};

// What one input sends to every output, in double: the definition, by scattering.
std::vector<double> scattered(const Tensor& x, const Tensor& weight, const Tensor& bias, int n,
                              int channel, const TransposeCase& t, int oh, int ow) {
  std::vector<double> out(static_cast<size_t>(oh * ow), bias.defined() ? bias.data()[channel] : 0.);
  const ConvTranspose2dOptions& o = t.options;
  for (int c = 0; c < x.c(); ++c) {
    for (int at = 0; at < x.h() * x.w() * t.kh * t.kw; ++at) {
      const int kx = at % t.kw, ky = at / t.kw % t.kh;
      const int ix = at / (t.kw * t.kh) % x.w(), iy = at / (t.kw * t.kh * x.w());
      const int row = iy * o.stride[0] - o.padding[0] + ky * o.dilation[0];
      const int column = ix * o.stride[1] - o.padding[1] + kx * o.dilation[1];
      if (row < 0 || column < 0 || row >= oh || column >= ow) continue;
      const auto tap = ((int64_t{c} * weight.shape()[1] + channel) * t.kh + ky) * t.kw + kx;
      out[static_cast<size_t>(row * ow + column)] +=
          double{Plane(x, n, c).at(iy, ix)} * double{weight.data()[tap]};
    }
  }
  return out;
}

// Sums of up to 17 * 9 products below 1 stay below 16 here, and each addition rounds by 2^-24 of
// that: 1.5e-4 if all of them rounded the same way. Half of it is far more than what adds up at
// random, Winograd's transforms of 3x3 kernels included.
constexpr double kTolerance = 17 * 9 * 16 * 0x1p-24 / 2;

TEST(ConvTranspose, IsTheScatterOfItsDefinition) {
  testing::for_each_isa([] {
    for (const TransposeCase& t : kCases) {
      for (const auto& [n, c, k] : {std::array{1, 3, 6}, {3, 6, 1}, {32, 1, 3}, {33, 17, 5}}) {
        const Tensor weight = random_plain({c, k, t.kh, t.kw}, 2), bias = random_plain({k}, 3);
        Tensor x = random_images(n, c, 4, 5, 1);
        testing::fill_padded_rows(x, 5.f);
        const Tensor y =
            conv_transpose2d(Variable(x), Variable(weight), Variable(bias), t.options).value();
        for (const int image : {0, n - 1}) {
          for (int channel = 0; channel < k; ++channel) {
            const std::vector<double> expected =
                scattered(x, weight, bias, image, channel, t, y.h(), y.w());
            for (int i = 0; i < y.h() * y.w(); ++i) {
              ASSERT_NEAR(Plane(y, image, channel).at(i / y.w(), i % y.w()),
                          expected[static_cast<size_t>(i)], kTolerance)
                  << n << " images, " << c << " to " << k << " channels, pixel " << i;
            }
          }
        }
      }
    }
  });
}

TEST(ConvTranspose, GradientsAgreeWithDifferences) {
  for (const TransposeCase& t : kCases) {
    testing::gradcheck(
        [&](const std::vector<Variable>& in) {
          return conv_transpose2d(in[0], in[1], in[2], t.options);
        },
        {Variable(random_images(3, 4, 4, 5, 1), true),
         Variable(random_plain({4, 3, t.kh, t.kw}, 2), true),
         Variable(random_plain({3}, 3), true)});
  }
}

TEST(ConvTranspose, ThreadsDoNotChangeAByte) {
  const Tensor x = random_images(40, 6, 4, 5, 1), dy = random_images(40, 3, 8, 10, 2);
  testing::expect_same_bytes_for_any_threads([&] {
    const Variable weight(random_plain({6, 3, 2, 2}, 3), true), bias(random_plain({3}, 4), true);
    const auto passes = testing::both_passes(
        [&](const Variable& in) { return conv_transpose2d(in, weight, bias, kCases[0].options); },
        x, dy);
    return std::vector<Tensor>{passes.y, passes.dx, weight.grad(), bias.grad()};
  });
}

// Sums of floats of the same numbers, in another order: they differ by less than the rounding to
// 8 bits, which may then fall on either side.
void expect_rounded(const Tensor& found, const Tensor& expected) {
  const Tensor widened = testing::widened(found);
  for (int64_t i = 0; i < expected.stored(); ++i) {
    const float wanted = expected.data()[i];
    ASSERT_NEAR(widened.data()[i], wanted, std::abs(wanted) * 0x1p-8f + 1e-6) << i;
  }
}

TEST(ConvTranspose, Bfloat16ComputesOnRoundedNumbersAndRoundsOnce) {
  const Tensor x = testing::rounded(random_images(35, 6, 4, 5, 1));
  const Tensor weight = random_plain({6, 3, 3, 2}, 3), bias = random_plain({3}, 4);
  Tensor narrow_weight = weight.clone();
  for (int64_t i = 0; i < weight.numel(); ++i) {
    narrow_weight.data()[i] = to_float(to_bfloat16(weight.data()[i]));
  }
  testing::for_each_isa([&] {
    for (const Variable& b : {Variable(bias), Variable()}) {
      const Tensor dy = testing::rounded(random_images(35, 3, 8, 15, 2));
      const auto run = [&](const Tensor& w) {
        return [&b, w](const Variable& in) {
          return conv_transpose2d(in, Variable(w), b, kCases[1].options);
        };
      };
      const auto narrow = testing::both_passes(run(weight), x, dy);
      const auto wide =
          testing::both_passes(run(narrow_weight), testing::widened(x), testing::widened(dy));
      expect_rounded(narrow.y, wide.y);
      expect_rounded(narrow.dx, wide.dx);
    }
  });
}

TEST(ConvTranspose, Bfloat16MayWriteFloats) {
  const Tensor x = testing::rounded(random_images(3, 6, 4, 5, 1));
  const Variable weight(random_plain({6, 3, 2, 2}, 3), true), bias(random_plain({3}, 4), true);
  ConvTranspose2dOptions options = kCases[0].options;
  options.output = DType::kF32;
  const auto passes = testing::both_passes(
      [&](const Variable& in) { return conv_transpose2d(in, weight, bias, options); }, x,
      random_images(3, 3, 8, 10, 2));
  EXPECT_EQ(passes.y.dtype(), DType::kF32);
  EXPECT_EQ(passes.dx.dtype(), DType::kBF16);
  EXPECT_EQ(weight.grad().dtype(), DType::kF32);
}

TEST(ConvTranspose, ErrorsNameTheNumbers) {
  const Variable x(Tensor::images_zeros(2, 3, 4, 5)), weight(Tensor::zeros({3, 2, 3, 3}));
  const auto error = [&](const Variable& w, const Variable& b, const ConvTranspose2dOptions& o) {
    return message_of([&] { conv_transpose2d(x, w, b, o); });
  };
  EXPECT_THAT(error(Variable(Tensor::zeros({4, 2, 3, 3})), {}, {}),
              AllOf(HasSubstr("expected plain F32 (3, K, KH, KW)"), HasSubstr("(4, 2, 3, 3)")));
  EXPECT_THAT(error(weight, Variable(Tensor::zeros({3})), {}),
              HasSubstr("expected a bias of shape (2), got (3)"));
  EXPECT_THAT(error(weight, {}, {.stride = {2, 2}, .output_padding = {1, 2}}),
              HasSubstr("width: expected an output_padding of at least 0 and below the stride of "
                        "2, got 2"));
  EXPECT_THAT(error(weight, {}, {.padding = {3, 1}}),
              HasSubstr("(4 - 1)*1 - 2*3 + 1*(3 - 1) + 0 + 1 = 0"));
  EXPECT_THAT(error(weight, {}, {.dilation = {0, 1}}), HasSubstr("dilation 0"));
  EXPECT_THAT(error(weight, {}, {.output = DType::kBF16}), HasSubstr("call cast() instead"));
}

}  // namespace
}  // namespace weir
