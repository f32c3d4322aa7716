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

#include <type_traits>

#include "core/kernels/pool/geometry.h"
#include "core/kernels/pool/reducer-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

template <class D, class Winner>
HWY_INLINE void store_winner(Lanes<D> tap, Winner* to) {
  const auto integers = hn::ConvertTo(hn::RebindToSigned<D>(), tap.raw);
  if constexpr (sizeof(Winner) == 1) {
    const hn::Rebind<uint8_t, D> bytes;
    hn::StoreU(hn::DemoteTo(bytes, integers), bytes, to);
  } else {
    hn::StoreU(integers, hn::RebindToSigned<D>(), to);
  }
}

template <class D, class Winner>
HWY_INLINE Lanes<D> load_winner(const Winner* from) {
  const hn::RebindToSigned<D> integers;
  if constexpr (sizeof(Winner) == 1) {
    const hn::Rebind<uint8_t, D> bytes;
    return hn::ConvertTo(D(), hn::PromoteTo(integers, hn::LoadU(bytes, from)));
  } else {
    return hn::ConvertTo(D(), hn::LoadU(integers, from));
  }
}

// The usual windows get loops of constant length.
template <class Body>
HWY_INLINE void with_extent(int taps_y, int taps_x, Body body) {
  using Two = std::integral_constant<int, 2>;
  using Three = std::integral_constant<int, 3>;
  if (taps_y == 2 && taps_x == 2) return body(Two(), Two());
  if (taps_y == 3 && taps_x == 3) return body(Three(), Three());
  body(taps_y, taps_x);
}

// Cuts lanes into groups of kVectors registers, then single registers, then single lanes, and calls
// body(tag, count, lane) with count a constant. Four registers hide the latency of an addition or a
// compare and blend (about four cycles), and their states stay in registers.
constexpr int kVectors = 4;
template <class Body>
HWY_INLINE void for_lane_groups(int64_t begin, int64_t end, Body body) {
  const int64_t group = kVectors * static_cast<int64_t>(hn::Lanes(Wide()));
  int64_t lane = begin;
  for (; lane + group <= end; lane += group) {
    body(Wide(), std::integral_constant<int, kVectors>(), lane);
  }
  for_lanes(lane, end, [&](auto tag, int64_t at) HWY_ATTR {
    body(tag, std::integral_constant<int, 1>(), at);
  });
}

HWY_INLINE PoolCount count_of(const PoolSpan& y, const PoolSpan& x) {
  return {.inside = y.taps * x.taps, .padded = y.padded * x.padded};
}

// The output at (oy, ox).
template <class R, class T, class Winner>
HWY_INLINE void reduce_window(const PoolGeometry& g, const R& reducer, const PoolBlock<T>& block,
                              Winner* winners, const PoolPiece& piece, int ox) {
  const PoolSpan &sy = g.y.span(piece.row), &sx = g.x.span(ox);
  const PoolCount count = count_of(sy, sx);
  const int first_tap = sy.first_tap * g.x.kernel() + sx.first_tap;
  const int64_t out = (int64_t{piece.row} * g.x.out() + ox) * block.panel;
  const T* corner = block.x + (int64_t{sy.first_input} * g.x.in() + sx.first_input) * block.panel;
  const int64_t next_row = int64_t{g.y.step()} * g.x.in() * block.panel;
  const int64_t next_column = g.x.step() * block.panel;
  with_extent(sy.taps, sx.taps, [&](auto taps_y, auto taps_x) HWY_ATTR {
    for_lane_groups(piece.lane_begin, piece.lane_end,
                    [&]<class D>(D d, auto vectors, int64_t lane) HWY_ATTR {
                      using V = Lanes<D>;
                      const int64_t width = static_cast<int64_t>(hn::Lanes(d));
                      typename R::template State<V> states[vectors];
                      for (int v = 0; v < vectors; ++v)
                        states[v] = reducer.template start<V>(first_tap);
                      for (int ty = 0; ty < taps_y; ++ty) {
                        const T* from = corner + ty * next_row + lane;
                        for (int tx = 0; tx < taps_x; ++tx, from += next_column) {
                          const int tap = first_tap + ty * g.x.kernel() + tx;
                          for (int v = 0; v < vectors; ++v) {
                            reducer.take(states[v], V::load(from + v * width), tap);
                          }
                        }
                      }
                      for (int v = 0; v < vectors; ++v) {
                        const int64_t at = out + lane + v * width;
                        reducer.value(states[v], count).store(block.y + at);
                        if constexpr (R::kKeepsWinner) {
                          if (winners != nullptr)
                            store_winner(reducer.winner(states[v]), winners + at);
                        }
                      }
                    });
  });
}

// The gradient of the input at (iy, ix): what the windows over it send back.
template <class R, class T, class Winner>
HWY_INLINE void gather_gradient(const PoolGeometry& g, const R& reducer, const PoolBlock<T>& block,
                                const Winner* winners, const PoolPiece& piece, int ix) {
  const int64_t in = (int64_t{piece.row} * g.x.in() + ix) * block.panel;
  for_lane_groups(
      piece.lane_begin, piece.lane_end, [&]<class D>(D d, auto vectors, int64_t lane) HWY_ATTR {
        using V = Lanes<D>;
        const int64_t width = static_cast<int64_t>(hn::Lanes(d));
        V sums[vectors];
        for (int v = 0; v < vectors; ++v) sums[v] = V(0.f);
        for (const PoolCover& cy : g.y.covers(piece.row)) {
          for (const PoolCover& cx : g.x.covers(ix)) {
            const int tap = cy.tap * g.x.kernel() + cx.tap;
            const PoolCount count = count_of(g.y.span(cy.output), g.x.span(cx.output));
            const int64_t out = (int64_t{cy.output} * g.x.out() + cx.output) * block.panel + lane;
            for (int v = 0; v < vectors; ++v) {
              const int64_t at = out + v * width;
              V x(0.f), y(0.f), winner(0.f);
              if constexpr (R::kReadsX) x = V::load(block.x + in + lane + v * width);
              if constexpr (R::kReadsY) y = V::load(block.y + at);
              if constexpr (R::kKeepsWinner) winner = load_winner<D>(winners + at);
              sums[v] = sums[v] + reducer.pull(V::load(block.dy + at), x, y, winner, tap, count);
            }
          }
        }
        for (int v = 0; v < vectors; ++v) sums[v].store(block.dx + in + lane + v * width);
      });
}

template <class R, class T>
HWY_INLINE void pool_forward_row(const PoolGeometry& g, const R& reducer, const PoolBlock<T>& block,
                                 const PoolPiece& piece) {
  for (int ox = 0; ox < g.x.out(); ++ox) {
    if (block.winners_wide != nullptr) {
      reduce_window(g, reducer, block, block.winners_wide, piece, ox);
    } else {
      reduce_window(g, reducer, block, block.winners, piece, ox);
    }
  }
}

template <class R, class T>
HWY_INLINE void pool_backward_row(const PoolGeometry& g, const R& reducer,
                                  const PoolBlock<T>& block, const PoolPiece& piece) {
  for (int ix = 0; ix < g.x.in(); ++ix) {
    if (block.winners_wide != nullptr) {
      gather_gradient(g, reducer, block, block.winners_wide, piece, ix);
    } else {
      gather_gradient(g, reducer, block, block.winners, piece, ix);
    }
  }
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
