// ZCA whitening (Bell and Sejnowski, "The independent components of natural scenes are edge
// filters", 1997): rotate to the principal axes, divide by the standard deviation there, rotate
// back. `bias` is added to the eigenvalues, as in pylearn2 and neon (0.1 for CIFAR-10).
#pragma once

#include <cstdint>

#include "core/runtime/function_ref.h"
#include "core/tensor/tensor.h"

namespace weir {

struct Zca {
  Tensor mean;    // (D): of the data that it was fitted on
  Tensor matrix;  // (D, D), symmetric: U diag(1 / sqrt(eigenvalue + bias)) U^T

  // Whitens in place: each of the `count` rows of D floats becomes matrix * (row - mean).
  void apply(float* rows, int64_t count) const;
};

// Writes rows [begin, begin + count) to `out`, each of D floats.
using RowReader = FunctionRef<void(int64_t begin, int64_t count, float* out)>;

// Covariance (divided by `count`) of the rows in chunks, then its eigenvectors (LAPACK ssyevd).
// Reads every row twice. D = 3072 and 50,000 rows take about 5 seconds on two cores; the result
// does not depend on the number of threads. Throws kData when the covariance is singular and bias
// too small.
Zca fit_zca(int64_t count, int dimension, RowReader read, float bias);

}  // namespace weir
