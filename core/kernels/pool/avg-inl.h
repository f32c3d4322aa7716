// Average pooling: y = sum_k x_k / divisor, dx_k += dy / divisor. The divisor follows PyTorch: the
// taps inside the image, or with count_include_pad those in the padding too, or a fixed number.
#if defined(WEIR_CORE_KERNELS_POOL_AVG_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_AVG_INL_H_
#undef WEIR_CORE_KERNELS_POOL_AVG_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_AVG_INL_H_
#endif

#include "core/kernels/pool/reducer-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

struct AvgReducer : NoNote {
  static constexpr PoolKind kKind = PoolKind::kAvg;
  static constexpr bool kLight = true;
  static constexpr bool kReadsX = false, kReadsY = false;

  explicit AvgReducer(const PoolOp& op)
      : count_include_pad(op.count_include_pad), fixed_divisor(op.divisor) {}

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
  HWY_INLINE void take(State<V>& s, V x, int) const {
    s.sum = s.sum + x;
  }
  template <class V>
  HWY_INLINE V value(const State<V>& s, PoolCount count) const {
    return s.sum / V(divisor(count));
  }
  // Multiplies by the reciprocal: a division for each tap would cost more than the memory traffic.
  template <class V>
  HWY_INLINE V pull(V dy, V, V, V, int, PoolCount count) const {
    return dy * V(1.f / divisor(count));
  }

  HWY_INLINE float divisor(PoolCount count) const {
    if (fixed_divisor > 0) return static_cast<float>(fixed_divisor);
    return static_cast<float>(count_include_pad ? count.padded : count.inside);
  }

  bool count_include_pad;
  int fixed_divisor;
};
static_assert(PoolReducer<AvgReducer, Lanes<Wide>> && PoolReducer<AvgReducer, float>);

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
