#include <climits>
#include <cstring>

#include "core/kernels/gemm/bf16_blocks.h"
#include "core/kernels/gemm/bf16_gemm.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/gemm/bf16_gemm_portable.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

constexpr int kMostRows = HWY_TARGET <= HWY_AVX3 ? 8 : 4;

// A lane holds a pair: the even one of the pair is its lower half. As floats:
using Pairs = hn::RebindToUnsigned<Wide>;
HWY_INLINE hn::Vec<Wide> even_of(hn::Vec<Pairs> pairs) {
  return hn::BitCast(Wide(), hn::ShiftLeft<16>(pairs));
}
HWY_INLINE hn::Vec<Wide> odd_of(hn::Vec<Pairs> pairs) {
  return hn::BitCast(Wide(), hn::And(pairs, hn::Set(Pairs(), 0xFFFF0000u)));
}

HWY_INLINE hn::Vec<Pairs> broadcast_pair(const bfloat16* pair) {
  uint32_t bits;
  std::memcpy(&bits, pair, sizeof(bits));
  return hn::Set(Pairs(), bits);
}

// kRows x kVectors vectors of C, from vector number `vector`.
template <int kRows, int kVectors>
HWY_NOINLINE void block(const Bf16Gemm& g, const Bf16Product& product, int64_t row,
                        int64_t vector) {
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(Wide())), per_panel = kPairColumns / lanes;
  hn::Vec<Wide> sum[kRows][kVectors];
  float* c = product.c + row * g.c_row + vector * lanes;
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) {
      sum[r][v] = g.accumulate ? hn::LoadU(Wide(), c + r * g.c_row + v * lanes) : hn::Zero(Wide());
    }
  }
  int64_t offset[kVectors];
  for (int v = 0; v < kVectors; ++v) {
    offset[v] = (vector + v) / per_panel * g.b_panel + (vector + v) % per_panel * lanes * 2;
  }
  const int64_t a_row = g.a_row;
  for (const Bf16Term& term : product.terms) {
    const bfloat16* a = term.a + row * a_row;
    const bfloat16* b = term.b;
    for (int p = 0; p < g.k; p += 2, a += 2, b += 2 * kPairColumns) {
      hn::Vec<Wide> even[kVectors], odd[kVectors];
      for (int v = 0; v < kVectors; ++v) {
        const auto pairs = hn::LoadU(Pairs(), reinterpret_cast<const uint32_t*>(b + offset[v]));
        even[v] = even_of(pairs);
        odd[v] = odd_of(pairs);
      }
      for (int r = 0; r < kRows; ++r) {
        const auto pair = broadcast_pair(a + r * a_row);
        const hn::Vec<Wide> left_even = even_of(pair), left_odd = odd_of(pair);
        for (int v = 0; v < kVectors; ++v) {
          sum[r][v] = hn::MulAdd(left_even, even[v], sum[r][v]);
          sum[r][v] = hn::MulAdd(left_odd, odd[v], sum[r][v]);
        }
      }
    }
  }
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) {
      hn::StoreU(sum[r][v], Wide(), c + r * g.c_row + v * lanes);
    }
  }
}

void run(const Bf16Gemm& g, std::span<const Bf16Product> products) {
  const int lanes = static_cast<int>(hn::Lanes(Wide()));
  for_blocks<kMostRows>(g.m, g.n / lanes, [&]<int kRows, int kVectors>(int row, int vector) {
    for (const Bf16Product& product : products) block<kRows, kVectors>(g, product, row, vector);
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(run);

}  // namespace

const Bf16GemmKernel kBf16GemmPortable{
    .available = [] { return true; },
    .k_step = 2,
    .most_k = INT_MAX,
    .run =
        [](const Bf16Gemm& g, std::span<const Bf16Product> products) {
          HWY_DYNAMIC_DISPATCH(run)
          (g, products);
        }};

}  // namespace weir::kernels
#endif  // HWY_ONCE
