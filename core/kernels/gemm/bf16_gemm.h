// Products of small bfloat16 matrices, added up in float: the inner loop of convolution in bf16.
//
// B lies in pairs, as the matrix instructions of AVX512-BF16 and AMX read it: two neighbours along
// k side by side, for 16 columns, then the next two. Such panels of 16 columns follow one another.
// bf16_pack.h makes them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/tensor/bfloat16.h"

namespace weir::kernels {

constexpr int kPairColumns = 16;  // of a panel of B

// C (m x n) = sum over terms of A (m x k) * B (k x n), all terms of one size.
struct Bf16Gemm {
  int m = 0;
  int n = 0;                // a multiple of kPairColumns
  int k = 0;                // a multiple of the kernel's k_step
  int64_t a_row = 0;        // A(i, p) is a[i * a_row + p]
  int64_t b_panel = 0;      // B(p, j) is b[j / 16 * b_panel + p / 2 * 32 + j % 16 * 2 + p % 2]
  int64_t c_row = 0;        // C(i, j) is c[i * c_row + j]
  bool accumulate = false;  // C += the sum
};
struct Bf16Term {
  const bfloat16 *a, *b;
};
// Without terms C becomes zero (or stays, with accumulate). C may not overlap A or B.
struct Bf16Product {
  std::span<const Bf16Term> terms;
  float* c;
};

// Products of one size that read much of the same memory. Each element of a C is summed in the
// order of its terms, then of k: neither blocking nor the other products change a result. Kernels
// differ from one another in the last bits, by how they round within a pair, and the matrix
// instructions take denormals for zero.
struct Bf16GemmKernel {
  bool (*available)();  // by the instruction set in use
  int k_step;
  // Where B is read again and again, from product to product: how much of it (k of all terms
  // together) should be given to one call so that it stays in the nearest cache.
  int most_k;
  void (*run)(const Bf16Gemm& shape, std::span<const Bf16Product> products);
};

extern const Bf16GemmKernel kBf16GemmAmx;
extern const Bf16GemmKernel kBf16GemmAvx512;
extern const Bf16GemmKernel kBf16GemmPortable;  // widens, and multiplies in float

}  // namespace weir::kernels
