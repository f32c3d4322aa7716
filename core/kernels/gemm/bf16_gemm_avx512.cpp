// AVX512-BF16: one instruction multiplies 16 pairs and adds both products. One of the two files
// with intrinsics; everything that is compiled for the instruction set says so on its function.
#include <climits>
#include <cstring>

#include "core/kernels/gemm/bf16_blocks.h"
#include "core/kernels/gemm/bf16_gemm.h"
#include "core/runtime/cpu.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define WEIR_AVX512_BF16 __attribute__((target("avx512f,avx512bf16")))
#endif

namespace weir::kernels {
namespace {

bool available() { return isa_includes("avx512_bf16"); }

#if defined(__x86_64__)

// The same pair in all lanes.
WEIR_AVX512_BF16 inline __m512bh broadcast_pair(const bfloat16* pair) {
  int bits;
  std::memcpy(&bits, pair, sizeof(bits));
  return reinterpret_cast<__m512bh>(_mm512_set1_epi32(bits));
}
WEIR_AVX512_BF16 inline __m512bh load_pairs(const bfloat16* from) {
  return reinterpret_cast<__m512bh>(_mm512_loadu_si512(from));
}

// kRows x kVectors vectors of C. The accumulators fill the registers beside kVectors of B and the
// broadcast pair of A.
template <int kRows, int kVectors>
WEIR_AVX512_BF16 __attribute__((noinline)) void block(const Bf16Gemm& g, const Bf16Product& product,
                                                      int64_t row, int64_t column) {
  __m512 sum[kRows][kVectors];
  float* c = product.c + row * g.c_row + column;
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) {
      sum[r][v] =
          g.accumulate ? _mm512_loadu_ps(c + r * g.c_row + v * kPairColumns) : _mm512_setzero_ps();
    }
  }
  const int64_t a_row = g.a_row, b_panel = g.b_panel;
  for (const Bf16Term& term : product.terms) {
    const bfloat16* a = term.a + row * a_row;
    const bfloat16* b = term.b + column / kPairColumns * b_panel;
    for (int p = 0; p < g.k; p += 2, a += 2, b += 2 * kPairColumns) {
      __m512bh right[kVectors];
      for (int v = 0; v < kVectors; ++v) right[v] = load_pairs(b + v * b_panel);
      for (int r = 0; r < kRows; ++r) {
        const __m512bh left = broadcast_pair(a + r * a_row);
        for (int v = 0; v < kVectors; ++v) {
          sum[r][v] = _mm512_dpbf16_ps(sum[r][v], left, right[v]);
        }
      }
    }
  }
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) {
      _mm512_storeu_ps(c + r * g.c_row + v * kPairColumns, sum[r][v]);
    }
  }
}

void run(const Bf16Gemm& g, std::span<const Bf16Product> products) {
  constexpr int kMostRows = 8;
  for_blocks<kMostRows>(g.m, g.n / kPairColumns, [&]<int kRows, int kVectors>(int row, int vector) {
    for (const Bf16Product& product : products) {
      block<kRows, kVectors>(g, product, row, int64_t{vector} * kPairColumns);
    }
  });
}

#else

void run(const Bf16Gemm& g, std::span<const Bf16Product> products) {
  kBf16GemmPortable.run(g, products);
}

#endif

}  // namespace

const Bf16GemmKernel kBf16GemmAvx512{
    .available = available, .k_step = 2, .most_k = INT_MAX, .run = run};

}  // namespace weir::kernels
