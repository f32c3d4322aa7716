#include "core/kernels/gemm/transpose.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/gemm/transpose.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// Rows from `row` and columns from `column` on, number by number.
void rest(const Transposition& t, int64_t row, int64_t column, const float* from, float* to) {
  for (int64_t c = column; c < t.columns; ++c) {
    for (int64_t r = row; r < t.rows; ++r) to[c * t.to_row + r] = from[r * t.from_row + c];
  }
}

#if HWY_TARGET == HWY_SCALAR  // has no shuffles, and one lane needs none

void transpose(const Transposition& t, const float* from, float* to) { rest(t, 0, 0, from, to); }

#else

using Vector = hn::Vec<Wide>;
constexpr int kLanes = static_cast<int>(hn::MaxLanes(Wide()));
// Narrower matrices would leave most of a square empty.
constexpr int kFew = 8;

// One pass of a perfect shuffle over kLanes vectors: as many passes as kLanes has bits turn
// row-major into column-major.
HWY_INLINE void shuffle(const Vector* from, Vector* to) {
  for (int i = 0; i < kLanes / 2; ++i) {
    to[i] = hn::ConcatEven(Wide(), from[2 * i + 1], from[2 * i]);
    to[i + kLanes / 2] = hn::ConcatOdd(Wide(), from[2 * i + 1], from[2 * i]);
  }
}

void square(const float* from, int64_t from_row, float* to, int64_t to_row) {
  Vector a[kLanes], b[kLanes];
  for (int i = 0; i < kLanes; ++i) a[i] = hn::LoadU(Wide(), from + i * from_row);
  shuffle(a, b);
  shuffle(b, a);
  if constexpr (kLanes >= 8) {
    shuffle(a, b);
    for (int i = 0; i < kLanes; ++i) a[i] = b[i];
  }
  if constexpr (kLanes >= 16) {
    shuffle(a, b);
    for (int i = 0; i < kLanes; ++i) a[i] = b[i];
  }
  for (int i = 0; i < kLanes; ++i) hn::StoreU(a[i], Wide(), to + i * to_row);
}

// The last square of a row or column of squares overlaps the one before.
void squares(const Transposition& t, const float* from, float* to) {
  if (t.rows < kLanes || t.columns < kLanes) return rest(t, 0, 0, from, to);
  for (int64_t r = 0; r < t.rows; r += kLanes) {
    const int64_t row = std::min(r, t.rows - kLanes);
    for (int64_t c = 0; c < t.columns; c += kLanes) {
      const int64_t column = std::min(c, t.columns - kLanes);
      square(from + row * t.from_row + column, t.from_row, to + column * t.to_row + row, t.to_row);
    }
  }
}

// kFew vectors of one matrix hold the same numbers as kFew of the other. Lane e of vector v comes
// from vector `source[v][e]`, lane `lane[v][e]`.
struct Places {
  HWY_ALIGN int32_t source[kFew][kLanes], lane[kFew][kLanes];

  void set(int v, int e, int number) {
    source[v][e] = number / kLanes;
    lane[v][e] = number % kLanes;
  }
};

// from: kWidth vectors, from_vector apart, for each group of kLanes rows; to: the same.
template <int kWidth>
void move_groups(const Places& places, int64_t groups, const float* from, int64_t from_vector,
                 int64_t from_group, float* to, int64_t to_vector, int64_t to_group) {
  const Wide d;
  const hn::RebindToSigned<Wide> integers;
  for (int v = 0; v < kWidth; ++v) {
    const auto lanes = hn::IndicesFromVec(d, hn::Load(integers, places.lane[v]));
    const auto source = hn::Load(integers, places.source[v]);
    for (int64_t group = 0; group < groups; ++group) {
      const float* at = from + group * from_group;
      Vector moved = hn::TableLookupLanes(hn::LoadU(d, at), lanes);
      for (int s = 1; s < kWidth; ++s) {
        const auto here = hn::RebindMask(d, hn::Eq(source, hn::Set(integers, s)));
        const Vector candidate = hn::TableLookupLanes(hn::LoadU(d, at + s * from_vector), lanes);
        moved = hn::IfThenElse(here, candidate, moved);
      }
      hn::StoreU(moved, d, to + group * to_group + v * to_vector);
    }
  }
}

// Few columns without gaps, many rows: kWidth vectors hold kLanes rows.
template <int kWidth>
void from_few(const Transposition& t, const float* from, float* to) {
  Places places;
  for (int c = 0; c < kWidth; ++c) {
    for (int r = 0; r < kLanes; ++r) places.set(c, r, r * kWidth + c);
  }
  const int64_t groups = t.rows / kLanes;
  move_groups<kWidth>(places, groups, from, kLanes, kWidth * kLanes, to, t.to_row, kLanes);
  rest(t, groups * kLanes, 0, from, to);
}

// The way back.
template <int kWidth>
void to_few(const Transposition& t, const float* from, float* to) {
  Places places;
  for (int c = 0; c < kLanes; ++c) {
    for (int r = 0; r < kWidth; ++r) {
      const int number = c * kWidth + r;
      places.set(number / kLanes, number % kLanes, r * kLanes + c);
    }
  }
  const int64_t groups = t.columns / kLanes;
  move_groups<kWidth>(places, groups, from, t.from_row, kLanes, to, kLanes, kWidth * kLanes);
  rest(t, 0, groups * kLanes, from, to);
}

using Mover = void (*)(const Transposition& t, const float* from, float* to);
constexpr Mover kFromFew[kFew] = {from_few<1>, from_few<2>, from_few<3>, from_few<4>,
                                  from_few<5>, from_few<6>, from_few<7>, from_few<8>};
constexpr Mover kToFew[kFew] = {to_few<1>, to_few<2>, to_few<3>, to_few<4>,
                                to_few<5>, to_few<6>, to_few<7>, to_few<8>};

void transpose(const Transposition& t, const float* from, float* to) {
  if (t.columns <= kFew && t.from_row == t.columns) {
    kFromFew[t.columns - 1](t, from, to);
  } else if (t.rows <= kFew && t.to_row == t.rows) {
    kToFew[t.rows - 1](t, from, to);
  } else {
    squares(t, from, to);
  }
}

#endif

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(transpose);

}  // namespace

void transpose(const Transposition& shape, const float* from, float* to) {
  if (shape.rows > 0 && shape.columns > 0) HWY_DYNAMIC_DISPATCH(transpose)(shape, from, to);
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
