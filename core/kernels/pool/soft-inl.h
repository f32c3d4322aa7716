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

// Notes the largest input, the reciprocal of the sum, and y - top: b times the rounding of y itself
// would be too much where b x is large.
struct SoftReducer : NotesNumbers<3> {
  static constexpr PoolKind kKind = PoolKind::kSoft;
  static constexpr bool kLight = false;
  static constexpr bool kReadsX = true, kReadsY = false;

  explicit SoftReducer(const PoolOp& op) : beta(op.beta) {}

  template <class V>
  struct State {
    ExpSum<V> odds;
    V weighted;  // the sum of the odds times x - top
  };
  template <class V>
  HWY_INLINE State<V> start(int) const {
    return {no_exp_sum<V>(), V(0.f)};
  }
  template <class V>
  HWY_INLINE void scan(State<V>& s, V x, int) const {
    s.odds.scan(x);
  }
  template <class V>
  HWY_INLINE void scanned(State<V>& s, V) const {
    s.odds.scanned();
  }
  template <class V>
  HWY_INLINE void take(State<V>& s, V x, int) const {
    const V below = below_top(x, s.odds.top), odds = exp(V(beta) * below);
    s.odds.sum = s.odds.sum + odds;
    s.weighted = s.weighted + select(odds == V(0.f), V(0.f), odds * below);
  }
  template <class V>
  HWY_INLINE V value(const State<V>& s, PoolCount) const {
    return select(s.odds.sum == V(0.f), V(-kInfinity), s.odds.top + mean_below(s));
  }
  template <class V>
  HWY_INLINE Note<V> note(const State<V>& s) const {
    return {s.odds.top, s.odds.reciprocal(), mean_below(s)};
  }
  template <class V>
  HWY_INLINE V pull(V dy, V x, V, const Note<V>& note, int, PoolCount) const {
    const auto [top, reciprocal, mean] = note;
    const V below = below_top(x, top), part = exp(V(beta) * below) * reciprocal;
    const V share = part * (V(1.f) + V(beta) * (below - mean));
    return dy * select(part == V(0.f), V(0.f), share);
  }

 private:
  template <class V>
  static HWY_INLINE V mean_below(const State<V>& s) {
    return s.weighted * s.odds.reciprocal();
  }

  float beta;
};
static_assert(PoolReducer<SoftReducer, Lanes<Wide>> && ScanningReducer<SoftReducer, float>);

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
