// OpenBLAS, on one thread: parallel work is cut above it. The fp32 GEMM of the panels.
#pragma once

#include <string>

namespace weir::kernels {

// Row-major C (m x n) = op(A) * op(B) + beta * C, with op(A) m x k and op(B) k x n; lda, ldb, ldc
// are the distances between rows in memory.
struct Gemm {
  int m = 0, n = 0, k = 0;
  const float* a = nullptr;
  int lda = 0;
  bool transpose_a = false;
  const float* b = nullptr;
  int ldb = 0;
  bool transpose_b = false;
  float beta = 1.f;
  float* c = nullptr;
  int ldc = 0;
};
void gemm(const Gemm& g);

// Sets OpenBLAS to one thread and makes it use the kernels of an instruction set of
// core/runtime/cpu.h, also on a processor newer than itself, where it may fall back to slower ones.
// An OPENBLAS_CORETYPE in the environment has the last word.
void blas_use_isa(const std::string& isa);

// "OpenBLAS 0.3.21, SkylakeX kernels, 1 thread", for `weir env`.
std::string blas_description();

}  // namespace weir::kernels
