// Max pooling: y = max_k x_k, dx_winner += dy. PyTorch's rules: among equal inputs the first wins;
// NaN wins over everything, the last NaN over the others; a window of -inf gives its first input.
#if defined(WEIR_CORE_KERNELS_POOL_MAX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_MAX_INL_H_
#undef WEIR_CORE_KERNELS_POOL_MAX_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_MAX_INL_H_
#endif

#include <limits>

#include "core/kernels/pool/reducer-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

struct MaxReducer : GoesToWinner {
  static constexpr PoolKind kKind = PoolKind::kMax;
  static constexpr bool kLight = true;

  explicit MaxReducer(const PoolOp&) {}

  // The winner is held as a floating-point number: exact up to 2^24 taps, and blended by the same
  // mask as the value.
  template <class V>
  struct State {
    V best, tap;
  };
  template <class V>
  HWY_INLINE State<V> start(int first) const {
    return {V(-std::numeric_limits<float>::infinity()), V(static_cast<float>(first))};
  }
  template <class V>
  HWY_INLINE void take(State<V>& s, V x, int tap) const {
    const auto wins = either(x > s.best, is_nan(x));
    s.best = select(wins, x, s.best);
    s.tap = select(wins, V(static_cast<float>(tap)), s.tap);
  }
  template <class V>
  HWY_INLINE V value(const State<V>& s, PoolCount) const {
    return s.best;
  }
  template <class V>
  HWY_INLINE V note(const State<V>& s) const {
    return s.tap;
  }
};
static_assert(PoolReducer<MaxReducer, Lanes<Wide>> && PoolReducer<MaxReducer, float>);

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
