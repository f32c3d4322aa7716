// Pooling the obvious way: one number at a time, backward by scattering. The yardstick of the fast
// loops, which share only the table of windows and the reducer's formulas with it. In float alone.
#if defined(WEIR_CORE_KERNELS_POOL_REFERENCE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_REFERENCE_INL_H_
#undef WEIR_CORE_KERNELS_POOL_REFERENCE_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_REFERENCE_INL_H_
#endif

#include <algorithm>

#include "core/kernels/pool/geometry.h"
#include "core/kernels/pool/reducer-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// Calls body(output, input, tap, count) for every tap of every window, in row-major order; output
// and input are pixel numbers.
template <class Body>
void for_each_tap(const PoolGeometry& g, int oy, int ox, Body body) {
  const PoolSpan &sy = g.y.span(oy), &sx = g.x.span(ox);
  for (int ty = 0; ty < sy.taps; ++ty) {
    for (int tx = 0; tx < sx.taps; ++tx) {
      const int iy = sy.first_input + ty * g.y.step(), ix = sx.first_input + tx * g.x.step();
      body(iy * g.x.in() + ix, (sy.first_tap + ty) * g.x.kernel() + sx.first_tap + tx);
    }
  }
}

inline float note_at(const PoolBlock<float>& block, int64_t at) {
  if (block.numbers != nullptr) return block.numbers[at];
  if (block.winners_wide != nullptr) return static_cast<float>(block.winners_wide[at]);
  return block.winners != nullptr ? block.winners[at] : 0.f;
}

inline void set_note(const PoolBlock<float>& block, int64_t at, float note) {
  if (block.numbers != nullptr) block.numbers[at] = note;
  if (block.winners_wide != nullptr) block.winners_wide[at] = static_cast<int32_t>(note);
  if (block.winners != nullptr) {
    block.winners[at] = static_cast<uint8_t>(std::min(note, float{kByteTaps}));
  }
}

template <class R>
void pool_forward_reference(const PoolGeometry& g, const R& reducer,
                            const PoolBlock<float>& block) {
  for (int oy = 0; oy < g.y.out(); ++oy) {
    for (int ox = 0; ox < g.x.out(); ++ox) {
      const PoolSpan &sy = g.y.span(oy), &sx = g.x.span(ox);
      const PoolCount count{
          .inside = sy.taps * sx.taps, .padded = sy.padded * sx.padded, .whole = g.taps()};
      for (int64_t lane = 0; lane < block.panel; ++lane) {
        const int64_t at = (int64_t{oy} * g.x.out() + ox) * block.panel + lane;
        auto state = reducer.template start<float>(sy.first_tap * g.x.kernel() + sx.first_tap);
        if constexpr (ScanningReducer<R, float>) {
          for_each_tap(g, oy, ox, [&](int input, int tap) {
            reducer.scan(state, block.x[input * block.panel + lane], tap);
          });
          reducer.scanned(state, block.uniform == nullptr ? 0.f : block.uniform[at]);
        }
        for_each_tap(g, oy, ox, [&](int input, int tap) {
          reducer.take(state, block.x[input * block.panel + lane], tap);
        });
        block.y[at] = reducer.value(state, count);
        const bool nobody = R::kNotes == PoolNotes::kWinner && block.after_relu && block.y[at] <= 0;
        set_note(block, at, nobody ? kNobody : reducer.note(state));
      }
    }
  }
}

template <class R>
void pool_backward_reference(const PoolGeometry& g, const R& reducer,
                             const PoolBlock<float>& block) {
  const int64_t inputs = int64_t{g.y.in()} * g.x.in() * block.panel;
  for (int64_t i = 0; i < inputs; ++i) block.dx[i] = 0.f;
  for (int oy = 0; oy < g.y.out(); ++oy) {
    for (int ox = 0; ox < g.x.out(); ++ox) {
      const PoolSpan &sy = g.y.span(oy), &sx = g.x.span(ox);
      const PoolCount count{
          .inside = sy.taps * sx.taps, .padded = sy.padded * sx.padded, .whole = g.taps()};
      for (int64_t lane = 0; lane < block.panel; ++lane) {
        const int64_t at = (int64_t{oy} * g.x.out() + ox) * block.panel + lane;
        for_each_tap(g, oy, ox, [&](int input, int tap) {
          const int64_t in = input * block.panel + lane;
          const float x = R::kReadsX ? block.x[in] : 0.f, y = R::kReadsY ? block.y[at] : 0.f;
          block.dx[in] += reducer.pull(block.dy[at], x, y, note_at(block, at), tap, count);
        });
      }
    }
  }
  if (R::kNotes == PoolNotes::kWinner || !block.after_relu) return;
  for (int64_t i = 0; i < inputs; ++i) block.dx[i] = block.x[i] <= 0 ? 0.f : block.dx[i];
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
