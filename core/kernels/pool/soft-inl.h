// SoftPool: y = sum_k w_k x_k with w = softmax(b x) over the window, and
// dx_k += dy * w_k * (1 + b (x_k - y)). b -> 0 gives the average, b -> inf the maximum.
// Stergiou, Poppe, Kalliatakis, ICCV 2021 (arXiv:2101.00440). A window of -inf sends nothing back.
#if defined(WEIR_CORE_KERNELS_POOL_SOFT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_SOFT_INL_H_
#undef WEIR_CORE_KERNELS_POOL_SOFT_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_SOFT_INL_H_
#endif

#include "core/kernels/pool/log_sum_exp-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

struct SoftReducer {
  static constexpr PoolKind kKind = PoolKind::kSoft;
  static constexpr PoolNotes kNotes = PoolNotes::kNumber;  // log sum e^(b x)
  static constexpr bool kLight = false;
  static constexpr bool kReadsX = true, kReadsY = true;

  explicit SoftReducer(const PoolOp& op) : beta(op.beta) {}

  template <class V>
  struct State {
    ExpSum<V> odds;
    V weighted;
  };
  template <class V>
  HWY_INLINE State<V> start(int) const {
    return {no_exp_sum<V>(), V(0.f)};
  }
  template <class V>
  HWY_INLINE void scan(State<V>& s, V x, int) const {
    s.odds.scan(V(beta) * x);
  }
  template <class V>
  HWY_INLINE void scanned(State<V>& s, V) const {
    s.odds.scanned();
  }
  template <class V>
  HWY_INLINE void take(State<V>& s, V x, int) const {
    const V odds = s.odds.take(V(beta) * x);
    s.weighted = s.weighted + select(odds == V(0.f), V(0.f), odds * x);
  }
  template <class V>
  HWY_INLINE V value(const State<V>& s, PoolCount) const {
    const V mean = s.weighted / s.odds.sum;
    const V bounded = select(s.odds.sum == V(kInfinity), V(kInfinity), mean);
    return select(s.odds.sum == V(0.f), V(-kInfinity), bounded);
  }
  template <class V>
  HWY_INLINE V note(const State<V>& s) const {
    return s.odds.log_of_sum();
  }
  template <class V>
  HWY_INLINE V pull(V dy, V x, V y, V note, int, PoolCount) const {
    const V part = part_of(V(beta) * x, note);
    const V share = part * (V(1.f) + V(beta) * (x - y));
    return dy * select(part == V(0.f), V(0.f), share);
  }

  float beta;
};
static_assert(PoolReducer<SoftReducer, Lanes<Wide>> && ScanningReducer<SoftReducer, float>);

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
