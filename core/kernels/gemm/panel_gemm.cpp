#include "core/kernels/gemm/panel_gemm.h"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/gemm/panel_gemm.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// The block of C that stays in registers: as many accumulators as there are registers beside the
// vectors of B and the broadcast number of A. Of the shapes that fit, this one loads least.
constexpr int kMostRows = HWY_TARGET <= HWY_AVX3 ? 8 : 4;
constexpr int kMostVectors = 3;

using Vector = hn::Vec<Wide>;

// The first `count` lanes; nothing beyond them is touched.
HWY_INLINE Vector load_first(const float* from, int count) {
  const Wide d;
#if HWY_TARGET <= HWY_AVX2
  return hn::MaskedLoad(hn::FirstN(d, static_cast<size_t>(count)), d, from);
#else
  HWY_ALIGN float lanes[hn::MaxLanes(Wide())] = {};
  std::memcpy(lanes, from, static_cast<size_t>(count) * sizeof(float));
  return hn::Load(d, lanes);
#endif
}
HWY_INLINE void store_first(Vector vector, float* to, int count) {
  const Wide d;
#if HWY_TARGET <= HWY_AVX2
  hn::BlendedStore(vector, hn::FirstN(d, static_cast<size_t>(count)), d, to);
#else
  HWY_ALIGN float lanes[hn::MaxLanes(Wide())];
  hn::Store(vector, d, lanes);
  std::memcpy(to, lanes, static_cast<size_t>(count) * sizeof(float));
#endif
}

// kVectors vectors side by side; of the last one, `last` lanes where kPartial.
template <int kVectors, bool kPartial>
struct VectorRow {
  static HWY_INLINE void load(const float* from, int last, Vector* to) {
    const int64_t lanes = static_cast<int64_t>(hn::Lanes(Wide()));
    for (int v = 0; v < kVectors; ++v) {
      const bool whole = !kPartial || v + 1 < kVectors;
      to[v] = whole ? hn::LoadU(Wide(), from + v * lanes) : load_first(from + v * lanes, last);
    }
  }
  static HWY_INLINE void store(const Vector* from, float* to, int last) {
    const int64_t lanes = static_cast<int64_t>(hn::Lanes(Wide()));
    for (int v = 0; v < kVectors; ++v) {
      if (!kPartial || v + 1 < kVectors) {
        hn::StoreU(from[v], Wide(), to + v * lanes);
      } else {
        store_first(from[v], to + v * lanes, last);
      }
    }
  }
};

// A block of C, kRows x kVectors vectors, whose first row and column `a`, `b` and `c` are offset
// to.
template <int kRows, int kVectors, bool kPartial>
HWY_NOINLINE void block(const PanelGemm& g, std::span<const PanelTerm> terms, int64_t row,
                        int64_t column, int last, float* c) {
  using Row = VectorRow<kVectors, kPartial>;
  Vector sum[kRows][kVectors];
  for (int r = 0; r < kRows; ++r) {
    if (g.accumulate) {
      Row::load(c + r * g.c_row, last, sum[r]);
    } else {
      for (int v = 0; v < kVectors; ++v) sum[r][v] = hn::Zero(Wide());
    }
  }
  const int64_t a_row = g.a_row, a_column = g.a_column, b_row = g.b_row;
  for (const PanelTerm& term : terms) {
    const float* a = term.a + row * a_row;
    const float* b = term.b + column;
    for (int p = 0; p < g.k; ++p, a += a_column, b += b_row) {
      Vector right[kVectors];
      Row::load(b, last, right);
      for (int r = 0; r < kRows; ++r) {
        const Vector left = hn::Set(Wide(), a[r * a_row]);
        for (int v = 0; v < kVectors; ++v) sum[r][v] = hn::MulAdd(left, right[v], sum[r][v]);
      }
    }
  }
  for (int r = 0; r < kRows; ++r) Row::store(sum[r], c + r * g.c_row, last);
}

// Columns [column, column + kVectors vectors), all rows: blocks of kRows, then of half as many.
template <int kRows, int kVectors, bool kPartial>
void rows(const PanelGemm& g, std::span<const PanelTerm> terms, int64_t row, int64_t column,
          int last, float* c) {
  for (; row + kRows <= g.m; row += kRows) {
    block<kRows, kVectors, kPartial>(g, terms, row, column, last, c + row * g.c_row + column);
  }
  if constexpr (kRows > 1) {
    rows<kRows / 2, kVectors, kPartial>(g, terms, row, column, last, c);
  }
}

template <int kVectors>
void columns(const PanelGemm& g, std::span<const PanelTerm> terms, int64_t column, int last,
             float* c) {
  if (last == 0) {
    rows<kMostRows, kVectors, false>(g, terms, 0, column, last, c);
  } else {
    rows<kMostRows, kVectors, true>(g, terms, 0, column, last, c);
  }
}

// The columns are cut into slices of nearly equal width: 4 vectors as 2 + 2, not 3 + 1.
void panel_gemm(const PanelGemm& g, std::span<const PanelTerm> terms, float* c) {
  const int lanes = static_cast<int>(hn::Lanes(Wide()));
  const int vectors = (g.n + lanes - 1) / lanes;
  const int slices = (vectors + kMostVectors - 1) / kMostVectors;
  for (int slice = 0; slice < slices; ++slice) {
    const int first = vectors * slice / slices, end = vectors * (slice + 1) / slices;
    const int last = end == vectors ? g.n % lanes : 0;
    const int64_t column = int64_t{first} * lanes;
    switch (end - first) {
      case 1:
        columns<1>(g, terms, column, last, c);
        break;
      case 2:
        columns<2>(g, terms, column, last, c);
        break;
      default:
        columns<kMostVectors>(g, terms, column, last, c);
    }
  }
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(panel_gemm);

}  // namespace

void panel_gemm(const PanelGemm& shape, std::span<const PanelTerm> terms, float* c) {
  HWY_DYNAMIC_DISPATCH(panel_gemm)(shape, terms, c);
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
