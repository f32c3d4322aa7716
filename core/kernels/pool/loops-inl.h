// The loops of pooling, once for all reducers and both types of storage. No exceptions, no threads,
// no allocation, so that they also compile to WebAssembly.
//
// Forward walks the outputs; backward walks the inputs and gathers from the windows that cover
// each. Both write every element once, so that pieces of work never meet, nothing is cleared
// beforehand, and the order of each sum is that of the outputs, whatever the threads do.
#if defined(WEIR_CORE_KERNELS_POOL_LOOPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_LOOPS_INL_H_
#undef WEIR_CORE_KERNELS_POOL_LOOPS_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_LOOPS_INL_H_
#endif

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <type_traits>

#include "core/kernels/fetch_ahead.h"
#include "core/kernels/pool/geometry.h"
#include "core/kernels/pool/lane_access-inl.h"
#include "core/kernels/pool/reducer-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// Loops that are written out for the usual windows are large. WebAssembly travels inside a page,
// and its maps are small: there the general loop is enough.
template <class R>
constexpr bool kIsWrittenOut = R::kLight && !HWY_ARCH_WASM;

template <int kValue>
using Constant = std::integral_constant<int, kValue>;

// Four registers hide the latency of an addition or a compare and blend (about four cycles), and
// the states of light reducers stay in them.
constexpr int kFewVectors = 4;
// Panels are kilobytes apart. A walk over many of them should take a good piece of each, or it
// waits for every single one; then the states live in the first-level cache.
constexpr int kManyVectors = 192, kManyTaps = 16;

// Two counts that loops are written out for.
template <int kY, int kX>
struct Extent {};

// Calls body(y, x) with the two counts as constants where they are among the extents, so that loops
// over them become straight text. Says whether they were.
template <int... kY, int... kX, class Body>
HWY_INLINE bool with_extent(int y, int x, std::tuple<Extent<kY, kX>...>, Body body) {
  return ((y == kY && x == kX && (body(Constant<kY>(), Constant<kX>()), true)) || ...);
}
// Windows forward, and windows over an input backward: those of 2x2 and 3x3 with strides.
using UsualWindows = std::tuple<Extent<2, 2>, Extent<3, 3>>;
using UsualCovers = std::tuple<Extent<1, 1>, Extent<1, 2>, Extent<2, 1>, Extent<2, 2>>;

// Cuts lanes into groups of registers and calls body(y, x, most, vectors, which, lane) for each:
// the two counts, registers at most (a constant) and in this group, their lanes. The loops of light
// reducers are written out for Usual counts, unless the notes are wide: such windows are large.
// `many` asks for groups as large as they get, if the reducer has them.
template <class R, class Notes, class Usual, class Many, class Body>
HWY_INLINE void for_lane_groups(int y, int x, int64_t begin, int64_t end,
                                [[maybe_unused]] Many many, Body body) {
  constexpr Constant<1> kOne;
  const int64_t width = register_width();
  int64_t lane = begin;
  if constexpr (!kIsWrittenOut<R>) {
    for (; lane + width <= end; lane += width) body(y, x, kOne, kOne, AllLanes(), lane);
  } else {
    if constexpr (!std::is_same_v<Many, std::false_type>) {
      while (many && lane + width <= end) {
        const int64_t left = (end - lane) / width, walks = (left + kManyVectors - 1) / kManyVectors;
        const auto vectors = static_cast<int>((left + walks - 1) / walks);
        body(y, x, Constant<kManyVectors>(), vectors, AllLanes(), lane);
        lane += vectors * width;
      }
    }
    constexpr Constant<kFewVectors> kFew;
    const int64_t first = lane, last = end - (end - lane) % (kFew * width);
    const auto in_few = [=](auto rows, auto columns) HWY_ATTR {
      for (int64_t at = first; at < last; at += kFew * width) {
        body(rows, columns, kFew, kFew, AllLanes(), at);
      }
    };
    bool usual = false;
    if constexpr (!std::is_same_v<Notes, int32_t*>) usual = with_extent(y, x, Usual(), in_few);
    if (!usual) in_few(y, x);
    lane = last;
  }
  for (; lane < end; lane += width) {
    body(y, x, kOne, kOne, FirstLanes{std::min(width, end - lane)}, lane);
  }
}

HWY_INLINE PoolCount count_of(const PoolGeometry& g, int oy, int ox) {
  const PoolSpan &y = g.y.span(oy), &x = g.x.span(ox);
  return {.inside = y.taps * x.taps, .padded = y.padded * x.padded, .whole = g.taps()};
}

template <class R, class T>
HWY_INLINE auto number_maps(const PoolGeometry& g, const PoolBlock<T>& block) {
  return NumberMaps<R::kNumbers>{block.numbers, int64_t{g.y.out()} * g.x.out() * block.panel};
}

// Calls body with the notes that forward writes: a pointer to winners, NumberMaps, which are null
// when nobody wants them, or Unnoted.
template <class R, class T, class Body>
HWY_INLINE void with_written_notes(const PoolGeometry& g, const PoolBlock<T>& block, Body body) {
  if constexpr (R::kNotes == PoolNotes::kNumbers) {
    body(number_maps<R>(g, block));
  } else {
    if constexpr (R::kNotes == PoolNotes::kWinner) {
      if (block.winners != nullptr) return body(block.winners);
      if (block.winners_wide != nullptr) return body(block.winners_wide);
    }
    body(Unnoted());
  }
}
// The same for backward, which always has what its reducer asks for.
template <class R, class T, class Body>
HWY_INLINE void with_read_notes(const PoolGeometry& g, const PoolBlock<T>& block, Body body) {
  if constexpr (R::kNotes == PoolNotes::kNone) body(Unnoted());
  if constexpr (R::kNotes == PoolNotes::kNumbers) body(number_maps<R>(g, block));
  if constexpr (R::kNotes == PoolNotes::kWinner) {
    if (block.winners != nullptr) return body(block.winners);
    body(block.winners_wide);
  }
}

// The lines of [from, from + count).
template <class T>
HWY_INLINE void fetch_lines(const T* from, int64_t count) {
  constexpr int64_t kLine = 64 / sizeof(T);
  for (int64_t at = 0; at < count; at += kLine) __builtin_prefetch(from + at);
}
template <size_t kCount>
HWY_INLINE void fetch_lines(NumberMaps<kCount> from, int64_t count) {
  for (size_t k = 0; k < kCount; ++k, from.first += from.map) fetch_lines(from.first, count);
}
HWY_INLINE void fetch_lines(Unnoted, int64_t) {}

// Vectors may alias anything, so what lanes do not change is held in locals: read once, not again
// after every store.

// One window of one block: where its taps inside the image are, and where its output goes.
template <class T, class Notes>
struct WindowAt {
  const T* corner;                // the first tap
  int64_t next_row, next_column;  // from one tap to the next
  int first_tap, kernel_x;
  PoolCount count;
  T* y;
  Notes notes;
  const float* uniform;
  bool after_relu, streams;
};

// A pointer that may be null.
template <class Number>
HWY_INLINE Number* advanced(Number* from, int64_t by) {
  return from == nullptr ? nullptr : from + by;
}
template <size_t kCount>
HWY_INLINE NumberMaps<kCount> advanced(NumberMaps<kCount> maps, int64_t by) {
  return {advanced(maps.first, by), maps.map};
}
HWY_INLINE Unnoted advanced(Unnoted none, int64_t) { return none; }

// Some registers of its lanes, from `lane` on, as for_lane_groups() describes them.
template <int kMost, class R, class T, class Notes, class TapsY, class TapsX, class Vectors,
          class Which>
HWY_INLINE void reduce_lanes(const R& reducer, const WindowAt<T, Notes>& window, TapsY taps_y,
                             TapsX taps_x, Vectors vectors, Which which, int64_t lane) {
  using V = Register;
  constexpr bool kMany = kMost == kManyVectors;
  const int64_t width = register_width();
  const WindowAt<T, Notes> local = window;
  typename R::template State<V> states[kMost];
  for (int v = 0; v < vectors; ++v) states[v] = reducer.template start<V>(local.first_tap);
  const auto walk = [=](auto visit) HWY_ATTR {
    for (int ty = 0; ty < taps_y; ++ty) {
      const T* from = local.corner + ty * local.next_row + lane;
      for (int tx = 0; tx < taps_x; ++tx, from += local.next_column) {
        const int tap = local.first_tap + ty * local.kernel_x + tx;
        for (int v = 0; v < vectors; ++v) visit(v, from + v * width, tap);
      }
    }
  };
  if constexpr (ScanningReducer<R, V>) {
    walk([&](int v, const T* at, int tap)
             HWY_ATTR { reducer.scan(states[v], read(at, which), tap); });
    for (int v = 0; v < vectors; ++v) {
      const bool random = local.uniform != nullptr;
      reducer.scanned(states[v], random ? read(local.uniform + lane + v * width, which) : V(0.f));
    }
  }
  // With a winner to track, one input takes so many operations that the processor does not look far
  // ahead by itself (3x3 max-pool: a third faster); simple sums would only lose time. Of many
  // registers, those of the next tap.
  [[maybe_unused]] const int64_t ahead =
      kMany ? local.next_column : kFetchAhead / int64_t{sizeof(T)};
  walk([&](int v, const T* at, int tap) HWY_ATTR {
    if constexpr (kMany || R::kNotes == PoolNotes::kWinner) __builtin_prefetch(at + ahead);
    reducer.take(states[v], read(at, which), tap);
  });
  for (int v = 0; v < vectors; ++v) {
    const int64_t at = lane + v * width;
    const V value = reducer.value(states[v], local.count);
    write(value, local.y + at, which, local.streams);
    if constexpr (R::kNotes == PoolNotes::kNumbers) {
      if (local.notes.first == nullptr) continue;
    }
    auto note = reducer.note(states[v]);
    if constexpr (R::kNotes == PoolNotes::kWinner) {
      if (local.after_relu) note = select(value <= V(0.f), V(kNobody), note);
    }
    write(note, local.notes + at, which, local.streams);
  }
}

// The output at (piece.row, ox).
template <class R, class T, class Notes>
HWY_INLINE void reduce_window(const PoolGeometry& g, const R& reducer, const PoolBlock<T>& block,
                              Notes notes, const PoolPiece& piece, int ox) {
  const PoolSpan &sy = g.y.span(piece.row), &sx = g.x.span(ox);
  const int64_t out = (int64_t{piece.row} * g.x.out() + ox) * block.panel;
  const WindowAt<T, Notes> window{
      .corner = block.x + (int64_t{sy.first_input} * g.x.in() + sx.first_input) * block.panel,
      .next_row = int64_t{g.y.step()} * g.x.in() * block.panel,
      .next_column = g.x.step() * block.panel,
      .first_tap = sy.first_tap * g.x.kernel() + sx.first_tap,
      .kernel_x = g.x.kernel(),
      .count = count_of(g, piece.row, ox),
      .y = block.y + out,
      .notes = advanced(notes, out),
      .uniform = advanced(block.uniform, out),
      .after_relu = block.after_relu,
      .streams = block.streams};
  for_lane_groups<R, Notes, UsualWindows>(
      sy.taps, sx.taps, piece.lane_begin, piece.lane_end, sy.taps * sx.taps >= kManyTaps,
      [&]<int kMost>(auto taps_y, auto taps_x, Constant<kMost>, auto vectors, auto which,
                     int64_t lane)
          HWY_ATTR { reduce_lanes<kMost>(reducer, window, taps_y, taps_x, vectors, which, lane); });
}

// A window over an input: where its output lies in the block, and which of its taps the input is.
struct PoolSource {
  int64_t at;
  int tap;
  PoolCount count;
};

// The windows over the input at (iy, ix), in increasing order of outputs. The usual number of them
// is worked out once and not again for every register.
class PoolSources {
 public:
  HWY_INLINE PoolSources(const PoolGeometry& g, int iy, int ix, int64_t panel)
      : g_(g), panel_(panel), y_(g.y.covers(iy)), x_(g.x.covers(ix)) {
    for (int i = 0; i < std::min(rows() * columns(), kUsual); ++i) {
      usual_[static_cast<size_t>(i)] = source(i);
    }
  }
  HWY_INLINE int rows() const { return static_cast<int>(y_.size()); }
  HWY_INLINE int columns() const { return static_cast<int>(x_.size()); }
  HWY_INLINE PoolSource operator[](int i) const {
    return i < kUsual ? usual_[static_cast<size_t>(i)] : source(i);
  }

 private:
  static constexpr int kUsual = 9;

  HWY_INLINE PoolSource source(int i) const {
    const PoolCover& y = y_[static_cast<size_t>(i / columns())];
    const PoolCover& x = x_[static_cast<size_t>(i % columns())];
    return {.at = (int64_t{y.output} * g_.x.out() + x.output) * panel_,
            .tap = y.tap * g_.x.kernel() + x.tap,
            .count = count_of(g_, y.output, x.output)};
  }

  const PoolGeometry& g_;
  int64_t panel_;
  std::span<const PoolCover> y_, x_;
  std::array<PoolSource, kUsual> usual_;
};

// The gradient of the input at (iy, ix): what the windows over it send back. What goes past the
// caches is written while the next panel of dy comes in; else the two wait for each other.
template <class R, class T, class Notes>
HWY_INLINE void gather_gradient(const PoolGeometry& g, const R& reducer, const PoolBlock<T>& block,
                                Notes notes, const PoolPiece& piece, int ix) {
  const PoolBlock<T> local = block;
  const int64_t in = (int64_t{piece.row} * g.x.in() + ix) * block.panel;
  const PoolSources sources(g, piece.row, ix, block.panel);
  for_lane_groups<R, Notes, UsualCovers>(
      sources.rows(), sources.columns(), piece.lane_begin, piece.lane_end, std::false_type(),
      [=, &sources]<int kMost>(auto rows, auto columns, Constant<kMost>, auto vectors, auto which,
                               int64_t lane) HWY_ATTR {
        using V = Register;
        const int64_t width = register_width();
        V sums[kMost];
        for (int v = 0; v < vectors; ++v) sums[v] = V(0.f);
        for (int i = 0; i < rows * columns; ++i) {
          const PoolSource from = sources[i];
          if (kMost > 1 && local.streams) {
            const int64_t next = from.at + lane + local.panel;
            fetch_lines(local.dy + next, kMost * width);
            fetch_lines(notes + next, kMost * width);
          }
          for (int v = 0; v < vectors; ++v) {
            const int64_t at = from.at + lane + v * width;
            V x(0.f), y(0.f);
            if constexpr (R::kReadsX) x = read(local.x + in + lane + v * width, which);
            if constexpr (R::kReadsY) y = read(local.y + at, which);
            const V dy = read(local.dy + at, which);
            const auto note = read(notes + at, which);
            sums[v] = sums[v] + reducer.pull(dy, x, y, note, from.tap, from.count);
          }
        }
        for (int v = 0; v < vectors; ++v) {
          const int64_t at = in + lane + v * width;
          if (R::kNotes != PoolNotes::kWinner && local.after_relu) {
            sums[v] = select(read(local.x + at, which) <= V(0.f), V(0.f), sums[v]);
          }
          write(sums[v], local.dx + at, which, local.streams);
        }
      });
}

template <class R, class T>
HWY_INLINE void pool_forward_row(const PoolGeometry& g, const R& reducer, const PoolBlock<T>& block,
                                 const PoolPiece& piece) {
  with_written_notes<R>(g, block, [&](auto notes) HWY_ATTR {
    for (int ox = 0; ox < g.x.out(); ++ox) reduce_window(g, reducer, block, notes, piece, ox);
  });
  if (block.streams) hwy::FlushStream();
}

template <class R, class T>
HWY_INLINE void pool_backward_row(const PoolGeometry& g, const R& reducer,
                                  const PoolBlock<T>& block, const PoolPiece& piece) {
  with_read_notes<R>(g, block, [&](auto notes) HWY_ATTR {
    const int end = std::min(piece.column_end, g.x.in());
    for (int ix = piece.column_begin; ix < end; ++ix)
      gather_gradient(g, reducer, block, notes, piece, ix);
  });
  if (block.streams) hwy::FlushStream();
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
