#include "datasets/zca.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/base/error.h"
#include "core/kernels/gemm/blas.h"
#include "core/runtime/parallel.h"

extern "C" void ssyevd_(const char* jobz, const char* uplo, const int* n, float* a, const int* lda,
                        float* w, float* work, const int* lwork, int* iwork, const int* liwork,
                        int* info);

namespace weir {
namespace {

constexpr int kChunk = 1024;  // rows in memory at once
constexpr int kTile = 256;    // of the product that one item computes

// Upper triangle of `product` (D x D, row-major) += rows^T rows. Each tile of rows of the product
// is one serial BLAS call, so the result does not depend on the number of threads.
void add_gram(const float* rows, int count, int dimension, float* product) {
  parallel_ranges(dimension, kTile, [&](int64_t begin, int64_t end) {
    kernels::gemm({.m = static_cast<int>(end - begin),
                   .n = dimension - static_cast<int>(begin),
                   .k = count,
                   .a = rows + begin,
                   .lda = dimension,
                   .transpose_a = true,
                   .b = rows + begin,
                   .ldb = dimension,
                   .beta = 1,
                   .c = product + begin * dimension + begin,
                   .ldc = dimension});
  });
}

template <class Body>  // body(rows, count of them)
void for_each_chunk(int64_t count, int dimension, RowReader read, Body body) {
  std::vector<float> rows(static_cast<size_t>(std::min<int64_t>(count, kChunk) * dimension));
  for (int64_t begin = 0; begin < count; begin += kChunk) {
    const int size = static_cast<int>(std::min<int64_t>(kChunk, count - begin));
    read(begin, size, rows.data());
    body(rows.data(), size);
  }
}

Tensor mean_of(int64_t count, int dimension, RowReader read) {
  std::vector<double> sum(static_cast<size_t>(dimension), 0.0);
  for_each_chunk(count, dimension, read, [&](const float* rows, int size) {
    for (int r = 0; r < size; ++r, rows += dimension) {
      for (int d = 0; d < dimension; ++d) sum[static_cast<size_t>(d)] += rows[d];
    }
  });
  Tensor mean = Tensor::empty({dimension});
  std::transform(sum.begin(), sum.end(), mean.data(), [count](double value) {
    return static_cast<float>(value / static_cast<double>(count));
  });
  return mean;
}

void subtract(float* rows, int64_t count, const Tensor& mean) {
  const int64_t dimension = mean.numel();
  parallel_ranges(count, 64, [&](int64_t begin, int64_t end) {
    for (float* row = rows + begin * dimension; begin < end; ++begin, row += dimension) {
      for (int64_t d = 0; d < dimension; ++d) row[d] -= mean.data()[d];
    }
  });
}

// Upper triangle only.
Tensor covariance_of(int64_t count, const Tensor& mean, RowReader read) {
  const int dimension = static_cast<int>(mean.numel());
  Tensor covariance = Tensor::zeros({dimension, dimension});
  for_each_chunk(count, dimension, read, [&](float* rows, int size) {
    subtract(rows, size, mean);
    add_gram(rows, size, dimension, covariance.data());
  });
  const float scale = 1.0f / static_cast<float>(count);
  std::for_each_n(covariance.data(), covariance.numel(), [scale](float& value) { value *= scale; });
  return covariance;
}

// Replaces the symmetric matrix (upper triangle) by its eigenvectors, one in each row; returns the
// eigenvalues, ascending.
std::vector<float> decompose(Tensor& matrix) {
  const int n = static_cast<int>(matrix.shape()[0]);
  std::vector<float> eigenvalues(static_cast<size_t>(n)), work(1);
  std::vector<int> integers(1);
  int info = 0;
  const auto call = [&](int work_size, int integer_size) {
    // LAPACK counts down columns, so our upper triangle is its lower one, and its eigenvectors in
    // columns are ours in rows.
    ssyevd_("V", "L", &n, matrix.data(), &n, eigenvalues.data(), work.data(), &work_size,
            integers.data(), &integer_size, &info);
    if (info != 0) fail(ErrorKind::kInternal, "LAPACK ssyevd failed with code {}", info);
  };
  call(-1, -1);  // asks for the sizes; as a float, a large one may have been rounded down
  const float rounded_up = std::nextafter(work[0], std::numeric_limits<float>::infinity());
  work.resize(static_cast<size_t>(rounded_up) + 1);
  integers.resize(static_cast<size_t>(integers[0]));
  call(static_cast<int>(work.size()), static_cast<int>(integers.size()));
  return eigenvalues;
}

// Rows of `vectors` times (eigenvalue + bias)^(-1/4), so that their Gram matrix is the filter.
void scale_for_filter(Tensor& vectors, const std::vector<float>& eigenvalues, float bias) {
  const int64_t n = vectors.shape()[0];
  // The rounding errors of n terms add up like a random walk, so to sqrt(n) of them; 4 for safety.
  const float noise = 4 * std::sqrt(static_cast<float>(n)) * std::numeric_limits<float>::epsilon() *
                      eigenvalues.back();
  for (int64_t i = 0; i < n; ++i) {
    const float value = std::max(eigenvalues[static_cast<size_t>(i)], 0.0f) + bias;
    if (value <= noise) {
      fail(ErrorKind::kData,
           "cannot whiten: the pictures do not vary in every direction (eigenvalue {:g} of {:g}); "
           "use a zca_bias above 0, such as 0.1",
           eigenvalues[static_cast<size_t>(i)], eigenvalues.back());
    }
    const float scale = 1.0f / std::sqrt(std::sqrt(value));
    std::for_each_n(vectors.data() + i * n, n, [scale](float& v) { v *= scale; });
  }
}

void mirror_upper_triangle(Tensor& matrix) {
  const int64_t n = matrix.shape()[0];
  float* values = matrix.data();
  for (int64_t row = 1; row < n; ++row) {
    for (int64_t column = 0; column < row; ++column) {
      values[row * n + column] = values[column * n + row];
    }
  }
}

}  // namespace

void Zca::apply(float* rows, int64_t count) const {
  const int dimension = static_cast<int>(mean.numel());
  subtract(rows, count, mean);
  parallel_ranges(count, kTile, [&](int64_t begin, int64_t end) {
    float* const tile = rows + begin * dimension;
    std::vector<float> whitened(static_cast<size_t>((end - begin) * dimension));
    kernels::gemm({.m = static_cast<int>(end - begin),
                   .n = dimension,
                   .k = dimension,
                   .a = tile,
                   .lda = dimension,
                   .b = matrix.data(),
                   .ldb = dimension,
                   .c = whitened.data(),
                   .ldc = dimension});
    std::copy(whitened.begin(), whitened.end(), tile);
  });
}

Zca fit_zca(int64_t count, int dimension, RowReader read, float bias) {
  require(count >= 1 && dimension >= 1, "whitening needs rows and columns, got {} x {}", count,
          dimension);
  Zca zca{.mean = mean_of(count, dimension, read)};
  Tensor vectors = covariance_of(count, zca.mean, read);
  const std::vector<float> eigenvalues = decompose(vectors);
  scale_for_filter(vectors, eigenvalues, bias);
  zca.matrix = Tensor::zeros({dimension, dimension});
  add_gram(vectors.data(), dimension, dimension, zca.matrix.data());
  mirror_upper_triangle(zca.matrix);
  return zca;
}

}  // namespace weir
