#include "core/kernels/gemm/bf16_pack.h"

#include <algorithm>

#include "core/kernels/gemm/transpose.h"
#include "core/runtime/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/gemm/bf16_pack.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

constexpr int kEight = 8;

#if HWY_TARGET == HWY_SCALAR

// to[j * to_row + i] = from[i * from_row + j] for i, j in [0, 8)
inline void transpose_square(const bfloat16* from, int64_t from_row, bfloat16* to, int64_t to_row) {
  for (int i = 0; i < kEight; ++i) {
    for (int j = 0; j < kEight; ++j) to[j * to_row + i] = from[i * from_row + j];
  }
}

// a0 b0 a1 b1 ... of eight numbers each.
inline void pair_eight(const bfloat16* a, const bfloat16* b, bfloat16* to) {
  for (int i = 0; i < kEight; ++i) {
    to[2 * i] = a[i];
    to[2 * i + 1] = b[i];
  }
}

#else

// Shuffles between two registers of this size exist everywhere.
using Shorts = hn::FixedTag<uint16_t, kEight>;
using Eight = hn::Vec<Shorts>;

HWY_INLINE Eight load_eight(const bfloat16* from) {
  return hn::LoadU(Shorts(), reinterpret_cast<const uint16_t*>(from));
}
HWY_INLINE void store_eight(Eight vector, bfloat16* to) {
  hn::StoreU(vector, Shorts(), reinterpret_cast<uint16_t*>(to));
}
HWY_INLINE void interleave(Eight a, Eight b, Eight* lower, Eight* upper) {
  *lower = hn::InterleaveLower(Shorts(), a, b);
  *upper = hn::InterleaveUpper(Shorts(), a, b);
}

HWY_INLINE void transpose_square(const bfloat16* from, int64_t from_row, bfloat16* to,
                                 int64_t to_row) {
  Eight a[kEight], b[kEight];
  for (int i = 0; i < kEight; ++i) a[i] = load_eight(from + i * from_row);
  // Each pass moves one bit of the row's number into the column's.
  for (int i = 0; i < 4; ++i) interleave(a[i], a[i + 4], &b[2 * i], &b[2 * i + 1]);
  for (int i = 0; i < 4; ++i) interleave(b[i], b[i + 4], &a[2 * i], &a[2 * i + 1]);
  for (int i = 0; i < 4; ++i) interleave(a[i], a[i + 4], &b[2 * i], &b[2 * i + 1]);
  for (int i = 0; i < kEight; ++i) store_eight(b[i], to + i * to_row);
}

HWY_INLINE void pair_eight(const bfloat16* a, const bfloat16* b, bfloat16* to) {
  Eight lower, upper;
  interleave(load_eight(a), load_eight(b), &lower, &upper);
  store_eight(lower, to);
  store_eight(upper, to + kEight);
}

#endif

void transpose_panels(const PanelRow& p, int k, bfloat16* to) {
  const int whole_rows = p.rows - p.rows % kEight, whole_columns = p.columns - p.columns % kEight;
  const bfloat16* from = p.first;
  for (int i = 0; i < p.count; ++i, from += p.rows * p.width, to += p.columns * k) {
    for (int column = 0; column < whole_columns; column += kEight) {
      for (int row = 0; row < whole_rows; row += kEight) {
        transpose_square(from + row * p.width + column, p.width, to + column * k + row, k);
      }
    }
    for (int column = 0; column < p.columns; ++column) {
      for (int row = column < whole_columns ? whole_rows : 0; row < k; ++row) {
        to[column * k + row] = row < p.rows ? from[row * p.width + column] : bfloat16{0};
      }
    }
  }
}

// Rows `row` and `row` + 1 of one panel; `to` is where the first column goes.
HWY_INLINE void pair_rows(const PanelRow& p, const bfloat16* from, int row, int k, bfloat16* to) {
  const int columns = round_up(p.columns, kPairColumns);
  const auto place = [=](int column) {
    return to + column / kPairColumns * kPairColumns * k + column % kPairColumns * 2;
  };
  const auto at = [&](int r, int column) {
    const bool inside = r < p.rows && column < p.columns;
    return inside ? from[r * p.width + column] : bfloat16{0};
  };
  const int whole = row + 1 < p.rows ? p.columns - p.columns % kEight : 0;
  for (int column = 0; column < whole; column += kEight) {
    const bfloat16* pair = from + row * p.width + column;
    pair_eight(pair, pair + p.width, place(column));
  }
  for (int column = whole; column < columns; ++column) {
    place(column)[0] = at(row, column);
    place(column)[1] = at(row + 1, column);
  }
}

void pair_panels(const PanelRow& p, int k, bfloat16* to) {
  const bfloat16* from = p.first;
  const int size = round_up(p.columns, kPairColumns) * k;
  for (int i = 0; i < p.count; ++i, from += p.rows * p.width, to += size) {
    for (int row = 0; row < k; row += 2) {
      pair_rows(p, from, row, k, to + row * kPairColumns);
    }
  }
}

// Rows of 16 floats, `distance` apart, rounded and in pairs, k of them.
void pair_strip(const float* strip, int64_t distance, int rows, int k, bfloat16* to) {
  const float zeros[kPairColumns] = {};
  for (int row = 0; row < k; row += 2, to += 2 * kPairColumns) {
    const float* even = row < rows ? strip + row * distance : zeros;
    const float* odd = row + 1 < rows ? strip + (row + 1) * distance : zeros;
    for_lanes(0, kPairColumns, [=]<class D>(D d, int64_t i) HWY_ATTR {
      const hn::RebindToUnsigned<D> whole;
      const auto lower = hn::ShiftRight<16>(round_to_upper_half<D>(hn::LoadU(d, even + i)));
      const auto upper = round_to_upper_half<D>(hn::LoadU(d, odd + i));
      const auto pairs = hn::Or(lower, hn::And(upper, hn::Set(whole, 0xFFFF0000u)));
      hn::StoreU(pairs, whole, reinterpret_cast<uint32_t*>(to + 2 * i));
    });
  }
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(transpose_panels);
HWY_EXPORT(pair_panels);
HWY_EXPORT(pair_strip);

// fill(first, width, strip) writes columns [first, first + width) of the matrices of all taps: row
// (row * taps + tap) of the strip, 16 floats long, is row `row` of the matrix of `tap`.
template <class Fill>
PairedWeights pair(int taps, int rows, int columns, int k_step, Fill fill) {
  const int k = round_up(rows, k_step), panels = div_ceil(columns, kPairColumns);
  PairedWeights weights{Tensor::empty({panels, taps, int64_t{k} * kPairColumns}, DType::kBF16), k,
                        panels * kPairColumns};
  parallel_for(panels, [&](int64_t panel) {
    const int first = static_cast<int>(panel) * kPairColumns;
    const int width = std::min(columns - first, kPairColumns);
    const Shape size{int64_t{rows} * taps, kPairColumns};
    Tensor strip = width < kPairColumns ? Tensor::zeros(size) : Tensor::empty(size);
    fill(first, width, strip.data());
    bfloat16* to = weights.values.data<bfloat16>() + panel * weights.panel();
    for (int tap = 0; tap < taps; ++tap) {
      HWY_DYNAMIC_DISPATCH(pair_strip)
      (strip.data() + tap * kPairColumns, int64_t{taps} * kPairColumns, rows, k,
       to + int64_t{tap} * k * kPairColumns);
    }
  });
  return weights;
}

}  // namespace

PairedWeights pair_weights(const ConvShape& shape, const Tensor& weight, int k_step) {
  const int64_t row = int64_t{shape.c} * shape.taps();
  return pair(shape.taps(), shape.c, shape.k, k_step, [&](int first, int width, float* strip) {
    transpose({.rows = width, .columns = row, .from_row = row, .to_row = kPairColumns},
              weight.data() + first * row, strip);
  });
}

PairedWeights pair_weights_transposed(const ConvShape& shape, const Tensor& weight, int k_step) {
  const int64_t taps = shape.taps(), c = shape.c;
  return pair(shape.taps(), shape.k, shape.c, k_step, [&](int first, int width, float* strip) {
    for (int k = 0; k < shape.k; ++k) {
      const float* from = weight.data() + (k * c + first) * taps;
      for (int64_t tap = 0; tap < taps; ++tap, strip += kPairColumns) {
        for (int column = 0; column < width; ++column) strip[column] = from[column * taps + tap];
      }
    }
  });
}

PairedWeights pair_gathered_weights(const ConvShape& shape, const Tensor& weight, int k_step) {
  const int taps = shape.taps(), c = shape.c;
  return pair(1, taps * c, shape.k, k_step, [&](int first, int width, float* strip) {
    for (int column = 0; column < width; ++column) {
      const float* from = weight.data() + int64_t{first + column} * c * taps;
      for (int row = 0; row < taps * c; ++row) {
        strip[row * kPairColumns + column] = from[row % c * taps + row / c];
      }
    }
  });
}

void pair_panels(const PanelRow& panels, int k, bfloat16* to) {
  HWY_DYNAMIC_DISPATCH(pair_panels)(panels, k, to);
}

void transpose_panels(const PanelRow& panels, int k, bfloat16* to) {
  HWY_DYNAMIC_DISPATCH(transpose_panels)(panels, k, to);
}

Tensor pad_channels(const Tensor& images, int channels) {
  Tensor padded = Tensor::images(images.n(), channels, images.h(), images.w(), DType::kBF16);
  const int64_t rows = images.stored() / images.c();
  parallel_ranges(rows, 1024, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      bfloat16* to = padded.data<bfloat16>() + row * channels;
      const bfloat16* from = images.data<bfloat16>() + row * images.c();
      std::fill(std::copy_n(from, images.c(), to), to + channels, bfloat16{0});
    }
  });
  return padded;
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
