// Pooling the obvious way: one number at a time, backward by scattering. The yardstick of the fast
// loops, which share only the table of windows and the reducer's formulas with it. In float alone.
#if defined(WEIR_CORE_KERNELS_POOL_REFERENCE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_REFERENCE_INL_H_
#undef WEIR_CORE_KERNELS_POOL_REFERENCE_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_REFERENCE_INL_H_
#endif

#include <algorithm>
#include <array>

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

// The numbers of a note lie `map` floats apart.
inline void get_note(const PoolBlock<float>& block, int64_t, int64_t at, float& note) {
  if (block.winners_wide != nullptr) note = static_cast<float>(block.winners_wide[at]);
  if (block.winners != nullptr) note = block.winners[at];
}
template <size_t kCount>
void get_note(const PoolBlock<float>& block, int64_t map, int64_t at,
              std::array<float, kCount>& note) {
  for (float& number : note) {
    number = block.numbers[at];
    at += map;
  }
}

inline void set_note(const PoolBlock<float>& block, int64_t, int64_t at, float note) {
  if (block.winners_wide != nullptr) block.winners_wide[at] = static_cast<int32_t>(note);
  if (block.winners != nullptr) {
    block.winners[at] = static_cast<uint8_t>(std::min(note, float{kByteTaps}));
  }
}
template <size_t kCount>
void set_note(const PoolBlock<float>& block, int64_t map, int64_t at,
              const std::array<float, kCount>& note) {
  if (block.numbers == nullptr) return;
  for (const float number : note) {
    block.numbers[at] = number;
    at += map;
  }
}

template <class R>
void pool_forward_reference(const PoolGeometry& g, const R& reducer,
                            const PoolBlock<float>& block) {
  const int64_t map = int64_t{g.y.out()} * g.x.out() * block.panel;
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
        auto note = reducer.note(state);
        if constexpr (R::kNotes == PoolNotes::kWinner) {
          if (block.after_relu && block.y[at] <= 0) note = kNobody;
        }
        set_note(block, map, at, note);
      }
    }
  }
}

template <class R>
void pool_backward_reference(const PoolGeometry& g, const R& reducer,
                             const PoolBlock<float>& block) {
  const int64_t inputs = int64_t{g.y.in()} * g.x.in() * block.panel;
  const int64_t map = int64_t{g.y.out()} * g.x.out() * block.panel;
  for (int64_t i = 0; i < inputs; ++i) block.dx[i] = 0.f;
  for (int oy = 0; oy < g.y.out(); ++oy) {
    for (int ox = 0; ox < g.x.out(); ++ox) {
      const PoolSpan &sy = g.y.span(oy), &sx = g.x.span(ox);
      const PoolCount count{
          .inside = sy.taps * sx.taps, .padded = sy.padded * sx.padded, .whole = g.taps()};
      for (int64_t lane = 0; lane < block.panel; ++lane) {
        const int64_t at = (int64_t{oy} * g.x.out() + ox) * block.panel + lane;
        typename R::template Note<float> note{};
        get_note(block, map, at, note);
        for_each_tap(g, oy, ox, [&](int input, int tap) {
          const int64_t in = input * block.panel + lane;
          const float x = R::kReadsX ? block.x[in] : 0.f, y = R::kReadsY ? block.y[at] : 0.f;
          block.dx[in] += reducer.pull(block.dy[at], x, y, note, tap, count);
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
