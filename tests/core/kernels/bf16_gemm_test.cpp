#include "core/kernels/gemm/bf16_gemm.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tests/core/kernels/bf16_kernels.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

using kernels::Bf16Gemm;
using kernels::Bf16GemmKernel;
using testing::EmulatedTiles;

// Two products of `terms` terms, with operands drawn at random, and their results in double.
class Problem {
 public:
  Problem(int m, int n, int k, int terms, bool accumulate)
      : gemm_{.m = m, .n = n, .k = k, .a_row = k + 3, .b_panel = 16 * (k + 6), .c_row = n + 5},
        terms_(terms) {
    gemm_.accumulate = accumulate;
    const int64_t a_size = int64_t{m - 1} * gemm_.a_row + k;
    const int64_t b_size = (n / 16 - 1) * gemm_.b_panel + int64_t{16} * k;
    for (uint32_t stream = 0; stream < 2 * kProducts * terms_; stream += 2) {
      a_.push_back(testing::rounded(testing::random_plain({a_size}, stream)));
      b_.push_back(testing::rounded(testing::random_plain({b_size}, stream + 1)));
    }
    for (uint32_t i = 0; i < kProducts; ++i) {
      before_.push_back(testing::random_plain({m + kRowsBehind, gemm_.c_row}, 1000 + i));
    }
  }

  // Products of bf16 are exact in float, so only the additions round: of t terms, one after the
  // other or in pairs, by at most t * 2^-24 of the sum of their magnitudes.
  void check(const Bf16GemmKernel& kernel) const {
    const std::vector<Tensor> found = run(kernel);
    for (size_t product = 0; product < kProducts; ++product) {
      for (int i = 0; i < gemm_.m + kRowsBehind; ++i) {
        for (int j = 0; j < gemm_.c_row; ++j) check_element(found[product], product, i, j);
      }
    }
  }

  std::vector<Tensor> run(const Bf16GemmKernel& kernel) const {
    std::vector<Tensor> c;
    std::vector<std::vector<kernels::Bf16Term>> terms(kProducts);
    std::vector<kernels::Bf16Product> products;
    for (size_t product = 0; product < kProducts; ++product) {
      for (size_t t = product * terms_; t < (product + 1) * terms_; ++t) {
        terms[product].push_back({a_[t].data<bfloat16>(), b_[t].data<bfloat16>()});
      }
      c.push_back(before_[product].clone());
      products.push_back({terms[product], c.back().data()});
    }
    kernel.run(gemm_, products);
    return c;
  }

 private:
  static constexpr size_t kProducts = 2;
  static constexpr int kRowsBehind = 32;  // of each C, which must stay

  void check_element(const Tensor& found, size_t product, int i, int j) const {
    const float value = found.data()[i * gemm_.c_row + j];
    const float before = before_[product].data()[i * gemm_.c_row + j];
    if (i >= gemm_.m || j >= gemm_.n) {
      ASSERT_EQ(value, before) << "between or behind the rows of C";
      return;
    }
    double sum = gemm_.accumulate ? before : 0, magnitude = std::abs(sum);
    for (size_t t = product * terms_; t < (product + 1) * terms_; ++t) {
      for (int p = 0; p < gemm_.k; ++p) {
        const int64_t in_b = j / 16 * gemm_.b_panel + p / 2 * 32 + j % 16 * 2 + p % 2;
        const double term = double{to_float(a_[t].data<bfloat16>()[i * gemm_.a_row + p])} *
                            double{to_float(b_[t].data<bfloat16>()[in_b])};
        sum += term;
        magnitude += std::abs(term);
      }
    }
    const double additions = static_cast<double>(terms_) * gemm_.k + 2;
    ASSERT_NEAR(value, sum, additions * std::ldexp(1.0, -24) * magnitude) << i << ", " << j;
  }

  Bf16Gemm gemm_;
  size_t terms_;
  std::vector<Tensor> a_, b_, before_;
};

TEST(Bf16Gemm, EqualsTheSumInDouble) {
  testing::for_each_isa([] {
    for (const testing::NamedGemm& gemm : testing::available_bf16_gemms()) {
      SCOPED_TRACE(gemm.name);
      const int step = gemm.kernel.k_step;
      for (const int m : {1, 3, 17, 32, 43}) {
        for (const int n : {16, 48, 64, 80}) {
          SCOPED_TRACE("m = " + std::to_string(m) + ", n = " + std::to_string(n));
          Problem(m, n, 2 * step, 3, false).check(gemm.kernel);
          Problem(m, n, step, 1, true).check(gemm.kernel);
        }
      }
    }
  });
}

TEST(Bf16Gemm, WithoutTermsIsZeroOrStays) {
  for (const testing::NamedGemm& gemm : testing::available_bf16_gemms()) {
    SCOPED_TRACE(gemm.name);
    Problem(33, 48, gemm.kernel.k_step, 0, false).check(gemm.kernel);
    Problem(33, 48, gemm.kernel.k_step, 0, true).check(gemm.kernel);
  }
}

TEST(Bf16Gemm, TilesOfTheProcessorGiveTheBytesOfTheEmulation) {
  if (!kernels::kBf16GemmAmx.available()) GTEST_SKIP() << "no AMX here";
  const Problem problem(43, 80, 64, 3, true);
  const std::vector<Tensor> real = problem.run(kernels::kBf16GemmAmx);
  const std::vector<Tensor> emulated = problem.run(testing::kEmulatedAmx);
  for (size_t i = 0; i < real.size(); ++i) testing::expect_same_bytes(real[i], emulated[i]);
}

TEST(EmulatedTiles, RefuseWhatTheProcessorRefuses) {
  kernels::TileConfig config = kernels::tile_config(20);
  EXPECT_THROW(EmulatedTiles::zero<0>(), std::logic_error) << "not configured";
  EmulatedTiles::configure(config);
  EXPECT_NO_THROW((EmulatedTiles::multiply_add<0, 4, 6>()));
  EXPECT_THROW((EmulatedTiles::multiply_add<0, 0, 6>()), std::logic_error) << "C is A";
  EXPECT_THROW((EmulatedTiles::multiply_add<0, 5, 6>()), std::logic_error) << "16 rows, 4 rows";
  EmulatedTiles::configure(kernels::tile_config(16));
  EXPECT_THROW(EmulatedTiles::zero<2>(), std::logic_error) << "a second row of tiles, of no rows";
  config.rows[0] = 17;
  EXPECT_THROW(EmulatedTiles::configure(config), std::logic_error);
  EmulatedTiles::release();
}

}  // namespace
}  // namespace weir
