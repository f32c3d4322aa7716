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
#include <type_traits>

#include "core/kernels/pool/geometry.h"
#include "core/kernels/pool/reducer-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

template <class D, class Note>
HWY_INLINE void store_note(Lanes<D> note, Note* to) {
  if constexpr (std::is_same_v<Note, float>) return note.store(to);
  const auto integers = hn::ConvertTo(hn::RebindToSigned<D>(), note.raw);
  if constexpr (sizeof(Note) == 1) {
    const hn::Rebind<uint8_t, D> bytes;
    hn::StoreU(hn::DemoteTo(bytes, integers), bytes, to);
  } else if constexpr (std::is_same_v<Note, int32_t>) {
    hn::StoreU(integers, hn::RebindToSigned<D>(), to);
  }
}

template <class D, class Note>
HWY_INLINE Lanes<D> load_note(const Note* from) {
  const hn::RebindToSigned<D> integers;
  if constexpr (std::is_same_v<Note, float>) {
    return Lanes<D>::load(from);
  } else if constexpr (sizeof(Note) == 1) {
    const hn::Rebind<uint8_t, D> bytes;
    return hn::ConvertTo(D(), hn::PromoteTo(integers, hn::LoadU(bytes, from)));
  } else {
    return hn::ConvertTo(D(), hn::LoadU(integers, from));
  }
}

// Loops that are written out for the usual windows are large. WebAssembly travels inside a page,
// and its maps are small: there the general loop is enough.
template <class R>
constexpr bool kIsWrittenOut = R::kLight && !HWY_ARCH_WASM;

// Calls body(y, x) with the two counts: for light reducers the usual ones as constants, so that
// loops over them become straight text.
template <class R, class Body>
HWY_INLINE void with_extent(int y, int x, Body body) {
  if constexpr (!kIsWrittenOut<R>) return body(y, x);
  using One = std::integral_constant<int, 1>;
  using Two = std::integral_constant<int, 2>;
  using Three = std::integral_constant<int, 3>;
  if (y == 1 && x == 1) return body(One(), One());
  if (y == 1 && x == 2) return body(One(), Two());
  if (y == 2 && x == 1) return body(Two(), One());
  if (y == 2 && x == 2) return body(Two(), Two());
  if (y == 3 && x == 3) return body(Three(), Three());
  body(y, x);
}

// Cuts lanes into groups of kVectors registers, then single registers, then single lanes, and calls
// body(tag, count, lane) with count a constant. Only light reducers have groups.
template <class R, int kVectors, class Body>
HWY_INLINE void for_lane_groups(int64_t begin, int64_t end, Body body) {
  const int64_t group = kVectors * static_cast<int64_t>(hn::Lanes(Wide()));
  int64_t lane = begin;
  if constexpr (kIsWrittenOut<R>) {
    for (; lane + group <= end; lane += group) {
      body(Wide(), std::integral_constant<int, kVectors>(), lane);
    }
  }
  for_lanes(lane, end, [&](auto tag, int64_t at) HWY_ATTR {
    body(tag, std::integral_constant<int, 1>(), at);
  });
}
// Four registers hide the latency of an addition or a compare and blend (about four cycles), and
// the states of light reducers stay in them.
constexpr int kFewVectors = 4;
// Panels of a large map are kilobytes apart. A walk over many of them should take a good piece of
// each, or it waits for every single one; then the states live in the first-level cache.
constexpr int kManyVectors = 32, kManyTaps = 64;

HWY_INLINE PoolCount count_of(const PoolGeometry& g, int oy, int ox) {
  const PoolSpan &y = g.y.span(oy), &x = g.x.span(ox);
  return {.inside = y.taps * x.taps, .padded = y.padded * x.padded, .whole = g.taps()};
}

// Without notes to write: a compiler then drops all that finds them.
struct Unnoted {};
template <class D>
HWY_INLINE void store_note(Lanes<D>, Unnoted) {}
template <class D>
HWY_INLINE Lanes<D> load_note(Unnoted) {
  return Lanes<D>(0.f);
}
HWY_INLINE Unnoted operator+(Unnoted none, int64_t) { return none; }

// Calls body with the block's notes: a pointer, or Unnoted.
template <class R, class T, class Body>
HWY_INLINE void with_notes(const PoolBlock<T>& block, Body body) {
  if constexpr (R::kNotes == PoolNotes::kWinner) {
    if (block.winners != nullptr) return body(block.winners);
    if (block.winners_wide != nullptr) return body(block.winners_wide);
  }
  if constexpr (R::kNotes == PoolNotes::kNumber) {
    if (block.numbers != nullptr) return body(block.numbers);
  }
  body(Unnoted());
}

// 0 without random numbers.
template <class D>
HWY_INLINE Lanes<D> load_uniform(const float* from, int64_t at) {
  return from == nullptr ? Lanes<D>(0.f) : Lanes<D>::load(from + at);
}

// Bytes between what is read and what is fetched from memory meanwhile. With a winner to track, one
// input takes so many operations that the processor does not look this far ahead by itself (3x3
// max-pool: a third faster); simple sums would only lose time.
constexpr int64_t kFetchAhead = 1024;

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
  bool after_relu;
};

// kVectors registers of its lanes, from `lane` on.
template <class D, int kVectors, class R, class T, class Notes, class TapsY, class TapsX>
HWY_INLINE void reduce_lanes(const R& reducer, const WindowAt<T, Notes>& window, TapsY taps_y,
                             TapsX taps_x, int64_t lane) {
  using V = Lanes<D>;
  const int64_t width = static_cast<int64_t>(hn::Lanes(D()));
  const WindowAt<T, Notes> local = window;
  typename R::template State<V> states[kVectors];
  for (int v = 0; v < kVectors; ++v) states[v] = reducer.template start<V>(local.first_tap);
  const auto walk = [=](auto visit) HWY_ATTR {
    for (int ty = 0; ty < taps_y; ++ty) {
      const T* from = local.corner + ty * local.next_row + lane;
      for (int tx = 0; tx < taps_x; ++tx, from += local.next_column) {
        const int tap = local.first_tap + ty * local.kernel_x + tx;
        for (int v = 0; v < kVectors; ++v) visit(v, from + v * width, tap);
      }
    }
  };
  if constexpr (ScanningReducer<R, V>) {
    walk([&](int v, const T* at, int tap) HWY_ATTR { reducer.scan(states[v], V::load(at), tap); });
    for (int v = 0; v < kVectors; ++v) {
      reducer.scanned(states[v], load_uniform<D>(local.uniform, lane + v * width));
    }
  }
  walk([&](int v, const T* at, int tap) HWY_ATTR {
    if constexpr (R::kNotes == PoolNotes::kWinner) {
      __builtin_prefetch(at + kFetchAhead / int64_t{sizeof(T)});
    }
    reducer.take(states[v], V::load(at), tap);
  });
  for (int v = 0; v < kVectors; ++v) {
    const int64_t at = lane + v * width;
    const V value = reducer.value(states[v], local.count);
    V note = reducer.note(states[v]);
    if (R::kNotes == PoolNotes::kWinner && local.after_relu) {
      note = select(value <= V(0.f), V(kNobody), note);
    }
    value.store(local.y + at);
    store_note(note, local.notes + at);
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
      .notes = notes + out,
      .uniform = block.uniform == nullptr ? nullptr : block.uniform + out,
      .after_relu = block.after_relu};
  if (kIsWrittenOut<R> && sy.taps * sx.taps >= kManyTaps) {
    for_lane_groups<R, kManyVectors>(
        piece.lane_begin, piece.lane_end,
        [&]<class D, int kVectors>(D, std::integral_constant<int, kVectors>, int64_t lane)
            HWY_ATTR { reduce_lanes<D, kVectors>(reducer, window, sy.taps, sx.taps, lane); });
    return;
  }
  with_extent<R>(sy.taps, sx.taps, [&](auto taps_y, auto taps_x) HWY_ATTR {
    for_lane_groups<R, kFewVectors>(
        piece.lane_begin, piece.lane_end,
        [&]<class D, int kVectors>(D, std::integral_constant<int, kVectors>, int64_t lane)
            HWY_ATTR { reduce_lanes<D, kVectors>(reducer, window, taps_y, taps_x, lane); });
  });
}

// The covers of an input: copied where their number is a constant.
template <class Extent>
HWY_INLINE auto local_covers(std::span<const PoolCover> covers, Extent extent) {
  if constexpr (std::is_same_v<Extent, int>) {
    return covers;
  } else {
    std::array<PoolCover, extent> copies;
    for (int i = 0; i < extent; ++i)
      copies[static_cast<size_t>(i)] = covers[static_cast<size_t>(i)];
    return copies;
  }
}

// The gradient of the input at (iy, ix): what the windows over it send back.
template <class R, class T, class Notes>
HWY_INLINE void gather_gradient(const PoolGeometry& g, const R& reducer, const PoolBlock<T>& block,
                                Notes notes, const PoolPiece& piece, int ix) {
  const PoolBlock<T> local = block;
  const int64_t in = (int64_t{piece.row} * g.x.in() + ix) * block.panel;
  const int64_t row_size = g.x.out() * block.panel;
  const int kernel_x = g.x.kernel();
  const std::span<const PoolCover> all_y = g.y.covers(piece.row), all_x = g.x.covers(ix);
  const auto count_y = static_cast<int>(all_y.size()), count_x = static_cast<int>(all_x.size());
  with_extent<R>(count_y, count_x, [=, &g, &piece](auto extent_y, auto extent_x) HWY_ATTR {
    const auto covers_y = local_covers(all_y, extent_y);
    const auto covers_x = local_covers(all_x, extent_x);
    for_lane_groups<R, kFewVectors>(
        piece.lane_begin, piece.lane_end,
        [=, &g]<class D>(D d, auto vectors, int64_t lane) HWY_ATTR {
          using V = Lanes<D>;
          const int64_t width = static_cast<int64_t>(hn::Lanes(d));
          V sums[vectors];
          for (int v = 0; v < vectors; ++v) sums[v] = V(0.f);
          for (const PoolCover& cy : covers_y) {
            for (const PoolCover& cx : covers_x) {
              const int tap = cy.tap * kernel_x + cx.tap;
              const PoolCount count = count_of(g, cy.output, cx.output);
              const int64_t out = cy.output * row_size + cx.output * local.panel + lane;
              for (int v = 0; v < vectors; ++v) {
                const int64_t at = out + v * width;
                V x(0.f), y(0.f);
                if constexpr (R::kReadsX) x = V::load(local.x + in + lane + v * width);
                if constexpr (R::kReadsY) y = V::load(local.y + at);
                const V note = load_note<D>(notes + at);
                sums[v] = sums[v] + reducer.pull(V::load(local.dy + at), x, y, note, tap, count);
              }
            }
          }
          for (int v = 0; v < vectors; ++v) {
            const int64_t at = in + lane + v * width;
            if (R::kNotes != PoolNotes::kWinner && local.after_relu) {
              sums[v] = select(V::load(local.x + at) <= V(0.f), V(0.f), sums[v]);
            }
            sums[v].store(local.dx + at);
          }
        });
  });
}

template <class R, class T>
HWY_INLINE void pool_forward_row(const PoolGeometry& g, const R& reducer, const PoolBlock<T>& block,
                                 const PoolPiece& piece) {
  with_notes<R>(block, [&](auto notes) HWY_ATTR {
    for (int ox = 0; ox < g.x.out(); ++ox) reduce_window(g, reducer, block, notes, piece, ox);
  });
}

template <class R, class T>
HWY_INLINE void pool_backward_row(const PoolGeometry& g, const R& reducer,
                                  const PoolBlock<T>& block, const PoolPiece& piece) {
  with_notes<R>(block, [&](auto notes) HWY_ATTR {
    const int end = std::min(piece.column_end, g.x.in());
    for (int ix = piece.column_begin; ix < end; ++ix)
      gather_gradient(g, reducer, block, notes, piece, ix);
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
