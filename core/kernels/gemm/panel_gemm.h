// Products of small matrices straight from panels: the inner loop of convolution in fp32.
//
// Nothing is packed or copied. A is read one number at a time and broadcast, so its rows and
// columns may lie any distance apart: a panel (rows are images) and a transposed panel (rows are
// channels) are equally fast. B and C are read in whole vectors along their rows.
#pragma once

#include <cstdint>
#include <span>

namespace weir::kernels {

// C (m x n) = sum over terms of A (m x k) * B (k x n), all terms of one size.
struct PanelGemm {
  int m = 0, n = 0, k = 0;
  int64_t a_row = 0, a_column = 1;  // A(i, p) is a[i * a_row + p * a_column]
  int64_t b_row = 0;                // B(p, j) is b[p * b_row + j]
  int64_t c_row = 0;
  bool accumulate = false;  // C += the sum
};
struct PanelTerm {
  const float *a, *b;
};

// Each element of C is summed in the order of the terms, then of k, by fused multiply-adds where
// the processor has them: blocking never changes a result. C may not overlap A or B. Without terms
// C becomes zero (or stays, with accumulate).
void panel_gemm(const PanelGemm& shape, std::span<const PanelTerm> terms, float* c);

}  // namespace weir::kernels
