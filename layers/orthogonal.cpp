#include "layers/orthogonal.h"

#include <algorithm>
#include <vector>

#include <cblas.h>

#include "core/base/error.h"

// LAPACK, which OpenBLAS brings along; Debian has no header for these two.
extern "C" {
void sgeqrf_(const int* m, const int* n, float* a, const int* lda, float* tau, float* work,
             const int* lwork, int* info);
void sorgqr_(const int* m, const int* n, const int* k, float* a, const int* lda, const float* tau,
             float* work, const int* lwork, int* info);
}

namespace weir {
namespace {

// Column-major, long x short: Q of its QR decomposition, in place, with the signs that make the
// diagonal of R positive; without them the distribution of Q would depend on LAPACK's conventions.
void orthonormal_columns(float* matrix, int longer, int shorter) {
  constexpr int kBlockColumns = 64;  // workspace of LAPACK's blocked algorithm
  const int work_size = shorter * kBlockColumns;
  std::vector<float> tau(static_cast<size_t>(shorter)), work(static_cast<size_t>(work_size));
  int info = 0;
  sgeqrf_(&longer, &shorter, matrix, &longer, tau.data(), work.data(), &work_size, &info);
  if (info != 0) fail(ErrorKind::kInternal, "LAPACK sgeqrf reports {}", info);
  std::vector<bool> flip(static_cast<size_t>(shorter));
  for (size_t j = 0; j < flip.size(); ++j)
    flip[j] = matrix[j * static_cast<size_t>(longer) + j] < 0;
  sorgqr_(&longer, &shorter, &shorter, matrix, &longer, tau.data(), work.data(), &work_size, &info);
  if (info != 0) fail(ErrorKind::kInternal, "LAPACK sorgqr reports {}", info);
  for (size_t j = 0; j < flip.size(); ++j) {
    float* column = matrix + j * static_cast<size_t>(longer);
    if (flip[j]) std::transform(column, column + longer, column, [](float v) { return -v; });
  }
}

// Row-major (rows, columns) -> row-major (columns, rows).
std::vector<float> transposed(const float* matrix, int rows, int columns) {
  std::vector<float> out(static_cast<size_t>(rows) * static_cast<size_t>(columns));
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; ++c) out[size_t(c) * size_t(rows) + size_t(r)] = *matrix++;
  }
  return out;
}

}  // namespace

void make_orthogonal(Tensor& weight) {
  const int rows = static_cast<int>(weight.shape()[0]);
  const int columns = static_cast<int>(weight.numel() / rows);
  // One BLAS thread everywhere in Weir, so that results do not depend on the number of cores.
  openblas_set_num_threads(1);
  if (rows <= columns) {
    // Row-major rows are column-major columns: the matrix is already the tall one that QR takes.
    orthonormal_columns(weight.data(), columns, rows);
  } else {
    std::vector<float> tall = transposed(weight.data(), rows, columns);
    orthonormal_columns(tall.data(), rows, columns);
    const std::vector<float> back = transposed(tall.data(), columns, rows);
    std::copy(back.begin(), back.end(), weight.data());
  }
}

}  // namespace weir
