// Log-sum-exp and SoftPool kept log sum e^(b x) as one float for the backward pass. Where |b x| is
// large, it lost the logarithm: from 2^24 on, each of two equal maxima got the whole gradient.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/functions/soft_pool2d.h"
#include "core/kernels/cast.h"
#include "core/kernels/pool/chosen_kernel.h"
#include "core/tensor/layout.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/both_passes.h"

namespace weir {
namespace {

using Function = Variable (*)(const Variable&, const SoftPool2dOptions&);

constexpr float kInf = std::numeric_limits<float>::infinity();

struct Answer {
  float y;
  std::vector<float> dx;  // for dy = 1
};

// Of one window that is the whole row.
Answer of_row(Function function, const std::vector<float>& row, float beta, DType type) {
  const int width = static_cast<int>(row.size());
  const float one = 1;
  const Tensor x = images_from_nchw(row.data(), 1, 1, 1, width);
  const Tensor dy = images_from_nchw(&one, 1, 1, 1, 1);
  const SoftPool2dOptions options{.window = {.kernel_size = {1, width}}, .beta = beta};
  const auto [y, dx] =
      testing::both_passes([&](const Variable& in) { return function(in, options); },
                           kernels::stored_as(x, type), kernels::stored_as(dy, type));
  return {nchw_from_images(kernels::stored_as(y, DType::kF32))[0],
          nchw_from_images(kernels::stored_as(dx, DType::kF32))};
}

// The definitions, in double and relative to the largest input.
struct Expected {
  std::vector<double> log_sum_exp, soft;
};
Expected expected_of(const std::vector<float>& row, double beta) {
  const double top = *std::max_element(row.begin(), row.end());
  double sum = 0, mean = 0;
  for (const float x : row) sum += std::exp(beta * (x - top));
  for (const float x : row) mean += std::exp(beta * (x - top)) / sum * (x - top);
  Expected expected;
  for (const float x : row) {
    const double share = std::exp(beta * (x - top)) / sum;
    expected.log_sum_exp.push_back(share);
    expected.soft.push_back(share * (1 + beta * (x - top - mean)));
  }
  return expected;
}

// All results are below 4. In F32, e^x, some products and sums: 16 roundings are plenty. In BF16
// those of the result, 2^-9 of it.
void expect_near(const std::vector<float>& found, const std::vector<double>& expected, DType type) {
  const double rounding = type == DType::kF32 ? 16 * 0x1p-24 : 0x1p-9;
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], 4 * rounding) << "input " << i;
  }
}

void expect_shares(const std::vector<float>& row, float beta, DType type) {
  SCOPED_TRACE(std::string(name_of(type)) + ", beta " + std::to_string(beta));
  const Expected expected = expected_of(row, double{beta});
  expect_near(of_row(log_sum_exp_pool2d, row, beta, type).dx, expected.log_sum_exp, type);
  expect_near(of_row(soft_pool2d, row, beta, type).dx, expected.soft, type);
}

template <class Body>
void for_each_kernel(Body body) {
  const std::string before(kernels::chosen_pool_kernel().name);
  testing::for_each_isa([&] {
    for (const kernels::PoolKernel& kernel : kernels::pool_kernels()) {
      SCOPED_TRACE(kernel.name);
      kernels::set_pool_kernel(kernel.name);
      body();
    }
  });
  kernels::set_pool_kernel(before);
}

TEST(SharpPoolShares, EqualMaximaShareAlike) {
  for_each_kernel([] {
    for (const DType type : {DType::kF32, DType::kBF16}) {
      for (const float beta : {1.f, 0x1p20f, 0x1p24f, 0x1p100f}) {
        expect_shares({3, 3, -2, 3, 1}, beta, type);
        expect_shares({-5, -3, -3, -64, -3}, beta, type);
      }
      expect_shares({0x1p20f, 0x1p20f, 0, -0x1p20f}, 1, type);
      expect_shares({-0x1p24f, -0x1p24f, -0x1p25f}, 1, type);
    }
  });
}

// Neighbours among floats, and among the numbers of BF16.
TEST(SharpPoolShares, NeighboursShareByTheirDistance) {
  for_each_kernel([] {
    expect_shares({0x1p20f, 0x1p20f - 0.5f, 0x1p20f - 0.125f, 0x1p20f - 1}, 1, DType::kF32);
    expect_shares({-0x1p20f, -0x1p20f - 0.5f, -0x1p20f - 0.125f, -0x1p20f - 1}, 2, DType::kF32);
    for (const DType type : {DType::kF32, DType::kBF16}) {
      expect_shares({128, 129, 131, 129, 126}, 0.5f, type);
      expect_shares({-0x1p20f, -0x1.02p20f, -0x1.04p20f}, 0x1p-13f, type);
    }
  });
}

TEST(SharpPoolShares, InfiniteInputsShareAlike) {
  for_each_kernel([] {
    for (const DType type : {DType::kF32, DType::kBF16}) {
      for (const Function function : {log_sum_exp_pool2d, soft_pool2d}) {
        const Answer answer = of_row(function, {1, kInf, -kInf, kInf, 1000}, 1, type);
        EXPECT_EQ(answer.y, kInf);
        EXPECT_EQ(answer.dx, (std::vector<float>{0, 0.5f, 0, 0.5f, 0}));
      }
    }
  });
}

}  // namespace
}  // namespace weir
