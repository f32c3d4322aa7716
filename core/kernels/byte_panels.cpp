#include "core/kernels/byte_panels.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/byte_panels.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

constexpr int kSide = 16;  // a square of 16 lanes times 16 pixels at a time

struct Square {
  alignas(kSide) uint8_t bytes[kSide][kSide];  // pixel, lane
};

// Where the byte of a pixel is.
HWY_INLINE const uint8_t* pixel_of(const ByteLanes& lanes, size_t lane, int x) {
  return lanes.first[lane] + (lanes.reversed[lane] != 0 ? -x : x);
}

// Lanes [lane, lane + height) at pixels [x, x + width); both are at most 16.
HWY_INLINE void gather_bytes(const ByteLanes& lanes, size_t lane, int height, int x, int width,
                             Square& square) {
  for (int i = 0; i < height; ++i) {
    for (int j = 0; j < width; ++j) {
      square.bytes[j][i] = *pixel_of(lanes, lane + static_cast<size_t>(i), x + j);
    }
  }
}

#if HWY_TARGET == HWY_SCALAR

HWY_INLINE void gather_square(const ByteLanes& lanes, size_t lane, int x, Square& square) {
  gather_bytes(lanes, lane, kSide, x, kSide, square);
}

#else

using Bytes = hn::FixedTag<uint8_t, kSide>;

// Pixels [x, x + 16) of a lane in the order of x.
HWY_INLINE hn::Vec<Bytes> load_pixels(const ByteLanes& lanes, size_t lane, int x) {
  alignas(kSide) static constexpr uint8_t kOrders[2][kSide] = {
      {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
      {15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
  const uint8_t reversed = lanes.reversed[lane];
  const uint8_t* from = lanes.first[lane] + (reversed != 0 ? -(x + kSide - 1) : x);
  return hn::TableLookupBytes(hn::LoadU(Bytes(), from), hn::Load(Bytes(), kOrders[reversed]));
}

// Seen as one sequence of 256 bytes, each round moves the highest bit of the address of a byte to
// the lowest place; after four, lane and pixel have changed places.
HWY_INLINE void gather_square(const ByteLanes& lanes, size_t lane, int x, Square& square) {
  hn::Vec<Bytes> rows[kSide], next[kSide];
  for (int i = 0; i < kSide; ++i) rows[i] = load_pixels(lanes, lane + static_cast<size_t>(i), x);
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < kSide / 2; ++i) {
      next[2 * i] = hn::InterleaveLower(Bytes(), rows[i], rows[i + kSide / 2]);
      next[2 * i + 1] = hn::InterleaveUpper(Bytes(), rows[i], rows[i + kSide / 2]);
    }
    std::copy(next, next + kSide, rows);
  }
  for (int i = 0; i < kSide; ++i) hn::Store(rows[i], Bytes(), square.bytes[i]);
}

#endif

// Lanes [lane + first, lane + first + D) of a square, whose pixels begin at x.
template <class D, class T>
HWY_INLINE void map_bytes(D, const ByteLanes& lanes, size_t lane, int64_t first, int x, int width,
                          const Square& square, T* out) {
  const hn::Rebind<uint8_t, D> narrow;
  const hn::RebindToSigned<D> wide;
  const size_t at = lane + static_cast<size_t>(first);
  const auto shift = hn::LoadU(D(), lanes.shift.data() + at);
  const auto scale = hn::LoadU(D(), lanes.scale.data() + at);
  const auto begin = hn::LoadU(wide, lanes.begin.data() + at);
  const auto end = hn::LoadU(wide, lanes.end.data() + at);
  T* to = out + int64_t{x} * lanes.count() + static_cast<int64_t>(at);
  for (int i = 0; i < width; ++i, to += lanes.count()) {
    const auto bytes = hn::LoadU(narrow, square.bytes[i] + first);
    const auto number = hn::ConvertTo(D(), hn::PromoteTo(wide, bytes));
    const auto value = hn::Mul(hn::Sub(number, shift), scale);
    const auto here = hn::Set(wide, x + i);
    const auto outside = hn::Or(hn::Lt(here, begin), hn::Not(hn::Lt(here, end)));
    Lanes<D>(hn::IfThenZeroElse(hn::RebindMask(D(), outside), value)).store(to);
  }
}

// Lanes [lane, lane + height) at pixels [x, x + width).
template <class T>
HWY_INLINE void fill_square(const ByteLanes& lanes, size_t lane, int height, int x, int width,
                            T* out) {
  Square square;
  if (height == kSide && width == kSide) {
    gather_square(lanes, lane, x, square);
  } else {
    gather_bytes(lanes, lane, height, x, width, square);
  }
  for_lanes(0, height, [&]<class D>(D, int64_t first) HWY_ATTR {
    map_bytes(D(), lanes, lane, first, x, width, square, out);
  });
}

// The last squares of a row and of a column reach back over those before them.
template <class T>
void fill_squares(const ByteLanes& lanes, int width, T* out) {
  const int count = lanes.count();
  for (int x = 0; x < width; x += kSide) {
    const int first_x = std::max(0, std::min(x, width - kSide));
    for (int lane = 0; lane < count; lane += kSide) {
      const int first_lane = std::max(0, std::min(lane, count - kSide));
      fill_square(lanes, static_cast<size_t>(first_lane), std::min(kSide, count), first_x,
                  std::min(kSide, width), out);
    }
  }
}

void fill_floats(const ByteLanes& lanes, int width, float* out) { fill_squares(lanes, width, out); }
void fill_halves(const ByteLanes& lanes, int width, bfloat16* out) {
  fill_squares(lanes, width, out);
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {

HWY_EXPORT(fill_floats);
HWY_EXPORT(fill_halves);

void panels_from_bytes(const ByteLanes& lanes, int width, float* out) {
  HWY_DYNAMIC_DISPATCH(fill_floats)(lanes, width, out);
}

void panels_from_bytes(const ByteLanes& lanes, int width, bfloat16* out) {
  HWY_DYNAMIC_DISPATCH(fill_halves)(lanes, width, out);
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
