// A weight for each tap: y = sum_k w_k x_k, dx_k += dy * w_k. Taps outside the image give nothing.
// With binomial weights this is BlurPool (Zhang, ICML 2019).
#if defined(WEIR_CORE_KERNELS_POOL_WEIGHTED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_WEIGHTED_INL_H_
#undef WEIR_CORE_KERNELS_POOL_WEIGHTED_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_WEIGHTED_INL_H_
#endif

#include "core/kernels/pool/reducer-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

struct WeightedReducer : NoNote {
  static constexpr PoolKind kKind = PoolKind::kWeighted;
  static constexpr bool kLight = true;
  static constexpr bool kReadsX = false, kReadsY = false;

  explicit WeightedReducer(const PoolOp& op) : weights(op.weights.data()) {}

  template <class V>
  struct State {
    using Value = V;
    V sum;
  };
  template <class V>
  HWY_INLINE State<V> start(int) const {
    return {V(0.f)};
  }
  template <class V>
  HWY_INLINE void take(State<V>& s, V x, int tap) const {
    s.sum = s.sum + x * V(weights[tap]);
  }
  template <class V>
  HWY_INLINE V value(const State<V>& s, PoolCount) const {
    return s.sum;
  }
  template <class V>
  HWY_INLINE V pull(V dy, V, V, V, int tap, PoolCount) const {
    return dy * V(weights[tap]);
  }

  const float* weights;
};
static_assert(PoolReducer<WeightedReducer, Lanes<Wide>> && PoolReducer<WeightedReducer, float>);

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
