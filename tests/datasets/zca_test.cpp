#include "datasets/zca.h"

#include <cmath>
#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/runtime/parallel.h"
#include "core/runtime/philox.h"
#include "datasets/zca_cache.h"
#include "tests/datasets/expect_error.h"
#include "tests/datasets/temp_folder.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using testing_support::expect_error;

// Correlated rows: each value leans on the one before it.
std::vector<float> correlated_rows(int64_t count, int dimension) {
  std::vector<float> rows;
  Philox random(11, Purpose::kTest);
  for (int64_t r = 0; r < count; ++r) {
    float value = 0;
    for (int d = 0; d < dimension; ++d) {
      value = 0.6f * value + random.normal();
      rows.push_back(value + 0.1f * static_cast<float>(d));
    }
  }
  return rows;
}

Zca fit(const std::vector<float>& rows, int dimension, float bias) {
  return fit_zca(
      static_cast<int64_t>(rows.size()) / dimension, dimension,
      [&](int64_t begin, int64_t count, float* out) {
        std::copy_n(rows.data() + begin * dimension, count * dimension, out);
      },
      bias);
}

using Matrix = std::vector<double>;  // square, row-major

double& at(Matrix& m, int n, int i, int j) { return m[static_cast<size_t>(i * n + j)]; }

Matrix covariance(const std::vector<float>& rows, int n) {
  const int count = static_cast<int>(rows.size()) / n;
  std::vector<double> mean(static_cast<size_t>(n), 0.0);
  Matrix result(static_cast<size_t>(n * n), 0.0);
  const auto value = [&](int r, int d) { return double{rows[static_cast<size_t>(r * n + d)]}; };
  for (int r = 0; r < count; ++r) {
    for (int d = 0; d < n; ++d) mean[static_cast<size_t>(d)] += value(r, d) / count;
  }
  for (int r = 0; r < count; ++r) {
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) {
        at(result, n, i, j) += (value(r, i) - mean[static_cast<size_t>(i)]) *
                               (value(r, j) - mean[static_cast<size_t>(j)]) / count;
      }
    }
  }
  return result;
}

// Rotates rows and columns p and q of `a` so that a[p][q] becomes 0, and the columns of `v` along.
void jacobi_rotation(Matrix& a, Matrix& v, int n, int p, int q) {
  if (at(a, n, p, q) == 0) return;
  const double angle = 0.5 * std::atan2(2 * at(a, n, p, q), at(a, n, q, q) - at(a, n, p, p));
  const double c = std::cos(angle), s = std::sin(angle);
  const auto rotate = [c, s](double& x, double& y) {
    const double old = x;
    x = c * old - s * y;
    y = s * old + c * y;
  };
  for (int k = 0; k < n; ++k) rotate(at(a, n, k, p), at(a, n, k, q));
  for (int k = 0; k < n; ++k) rotate(at(a, n, p, k), at(a, n, q, k));
  for (int k = 0; k < n; ++k) rotate(at(v, n, k, p), at(v, n, k, q));
}

// U diag(1 / sqrt(eigenvalue + bias)) U^T by Jacobi's method, in double.
Matrix whitening_oracle(Matrix a, int n, double bias) {
  Matrix u(static_cast<size_t>(n * n), 0.0), result(static_cast<size_t>(n * n), 0.0);
  for (int i = 0; i < n; ++i) at(u, n, i, i) = 1;
  for (int sweep = 0; sweep < 30; ++sweep) {
    for (int p = 0; p < n; ++p) {
      for (int q = p + 1; q < n; ++q) jacobi_rotation(a, u, n, p, q);
    }
  }
  for (int k = 0; k < n; ++k) {
    const double factor = 1 / std::sqrt(at(a, n, k, k) + bias);
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) at(result, n, i, j) += at(u, n, i, k) * factor * at(u, n, j, k);
    }
  }
  return result;
}

TEST(Zca, MatrixEqualsJacobiOracle) {
  // 1100 rows: more than one chunk, the last one partial.
  constexpr int kDimension = 48;
  const std::vector<float> rows = correlated_rows(1100, kDimension);
  for (const float bias : {0.0f, 0.1f}) {
    const Zca zca = fit(rows, kDimension, bias);
    const Matrix expected = whitening_oracle(covariance(rows, kDimension), kDimension, bias);
    // W = f(covariance) with |f'| = 1/2 eigenvalue^(-3/2) < 6: the process has eigenvalues from
    // 0.39 to 6.25, the sample from 0.2 to 10. In float the covariance is off by about sqrt(1100) =
    // 33 roundings (6e-8) of the largest, 2e-5, so W by 1.2e-4.
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_NEAR(zca.matrix.data()[i], expected[i], 1.2e-4) << i;
    }
  }
}

TEST(Zca, WhitenedDataHasUnitCovariance) {
  constexpr int kDimension = 37;
  std::vector<float> rows = correlated_rows(700, kDimension);
  const Zca zca = fit(rows, kDimension, 0);
  zca.apply(rows.data(), 700);
  Matrix result = covariance(rows, kDimension);
  // W C W, with the error of W above on both sides, times |C W| = sqrt(largest eigenvalue) < 3.2.
  for (int i = 0; i < kDimension; ++i) {
    for (int j = 0; j < kDimension; ++j) {
      ASSERT_NEAR(at(result, kDimension, i, j), i == j ? 1 : 0, 8e-4);
    }
  }
}

TEST(Zca, MatrixIsExactlySymmetricAndIndependentOfThreads) {
  constexpr int kDimension = 300;  // two tiles
  const std::vector<float> rows = correlated_rows(400, kDimension);
  set_threads(1);
  const Zca one = fit(rows, kDimension, 0.1f);
  set_threads(4);
  const Zca four = fit(rows, kDimension, 0.1f);
  set_threads(0);
  for (int64_t i = 0; i < kDimension; ++i) {
    ASSERT_EQ(one.mean.data()[i], four.mean.data()[i]);
    for (int64_t j = 0; j < kDimension; ++j) {
      const float value = one.matrix.data()[i * kDimension + j];
      ASSERT_EQ(value, one.matrix.data()[j * kDimension + i]);
      ASSERT_EQ(value, four.matrix.data()[i * kDimension + j]);
    }
  }
}

TEST(Zca, SingularCovarianceNeedsABias) {
  // One column is the sum of two others: an eigenvalue is 0, give or take a rounding error.
  for (size_t a = 0; a < 5; ++a) {
    for (size_t b = 0; b < 5; ++b) {
      std::vector<float> rows = correlated_rows(100, 6);
      for (size_t r = 0; r < 600; r += 6) rows[r + 5] = rows[r + a] + rows[r + b];
      expect_error([&] { fit(rows, 6, 0); }, ErrorKind::kData, {"zca_bias"});
      EXPECT_NO_THROW(fit(rows, 6, 0.1f));
    }
  }
}

TEST(Zca, ABiasAboveTheRoundingErrorsIsEnough) {
  // Fewer rows than dimensions, so a third of the eigenvalues is 0; the largest is about 4500,
  // which leaves errors of 4500 * 1.2e-7 * sqrt(300) = 0.01 on them.
  std::vector<float> rows = correlated_rows(200, 300);
  for (float& value : rows) value *= 12;
  EXPECT_NO_THROW(fit(rows, 300, 0.1f));
  expect_error([&] { fit(rows, 300, 1e-4f); }, ErrorKind::kData, {"zca_bias"});
}

class ZcaCache : public ::testing::Test {
 protected:
  fs::path only_file() const { return fs::directory_iterator(folder_)->path(); }

  testing_support::TempFolder temp_;
  const fs::path folder_ = temp_ / "zca";
  const Zca zca_ = fit(correlated_rows(50, 5), 5, 0.1f);
};

TEST_F(ZcaCache, GivesBackWhatWasStored) {
  EXPECT_FALSE(load_cached_zca(folder_, "key", 5).has_value());
  store_cached_zca(folder_, "key", zca_);
  const auto loaded = load_cached_zca(folder_, "key", 5);
  ASSERT_TRUE(loaded.has_value());
  for (int64_t i = 0; i < 5; ++i) EXPECT_EQ(loaded->mean.data()[i], zca_.mean.data()[i]);
  for (int64_t i = 0; i < 25; ++i) EXPECT_EQ(loaded->matrix.data()[i], zca_.matrix.data()[i]);
  EXPECT_FALSE(load_cached_zca(folder_, "another key", 5).has_value());
}

TEST_F(ZcaCache, IgnoresDamagedFiles) {
  store_cached_zca(folder_, "key", zca_);
  const std::string good = read_file(only_file());
  std::string flipped = good;
  flipped[good.size() / 2] = static_cast<char>(flipped[good.size() / 2] ^ 1);
  for (const std::string& bad :
       {flipped, good.substr(0, good.size() - 1), good + "x", std::string()}) {
    write_file_atomic(only_file(), bad);
    EXPECT_FALSE(load_cached_zca(folder_, "key", 5).has_value()) << bad.size();
  }
  write_file_atomic(only_file(), good);
  EXPECT_TRUE(load_cached_zca(folder_, "key", 5).has_value());
  EXPECT_FALSE(load_cached_zca(folder_, "key", 6).has_value());
}

TEST_F(ZcaCache, AFolderThatCannotBeMadeIsNoError) {
  write_file_atomic(folder_, "a file where the folder should be");
  EXPECT_NO_THROW(store_cached_zca(folder_, "key", zca_));
  EXPECT_FALSE(load_cached_zca(folder_, "key", 5).has_value());
}

}  // namespace
}  // namespace weir
