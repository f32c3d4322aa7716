// A smooth maximum: y = log(mean_k e^(b x_k)) / b over the taps inside the image, and
// dx_k += dy * e^(b x_k) / sum_j e^(b x_j). b -> 0 gives the average, b -> inf the maximum.
// Pinheiro, Collobert, CVPR 2015 (arXiv:1411.6228). A window of -inf sends nothing back.
#if defined(WEIR_CORE_KERNELS_POOL_LOG_SUM_EXP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_LOG_SUM_EXP_INL_H_
#undef WEIR_CORE_KERNELS_POOL_LOG_SUM_EXP_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_LOG_SUM_EXP_INL_H_
#endif

#include "core/kernels/math-inl.h"
#include "core/kernels/pool/reducer-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// x - top, and 0 at the top even where that is infinite.
template <class V>
HWY_INLINE V below_top(V x, V top) {
  return select(x == top, V(0.f), x - top);
}

// The sum of e^(b (x - top)), `top` being the largest input: it neither overflows nor vanishes, and
// equal inputs have equal parts in it however large b x is. Shared with SoftPool.
template <class V>
struct ExpSum {
  V top, sum;

  HWY_INLINE void scan(V x) { top = larger(x, top); }
  // A window of -inf has a sum of 0.
  HWY_INLINE void scanned() { top = select(top == V(-kInfinity), V(0.f), top); }
  // What to multiply e^(b (x - top)) by for its part of the sum.
  HWY_INLINE V reciprocal() const { return select(sum == V(0.f), V(0.f), V(1.f) / sum); }
};
template <class V>
HWY_INLINE ExpSum<V> no_exp_sum() {
  return {V(-kInfinity), V(0.f)};
}

struct LogSumExpReducer : NotesNumbers<2> {  // the largest input, and the reciprocal of the sum
  static constexpr PoolKind kKind = PoolKind::kLogSumExp;
  static constexpr bool kLight = false;
  static constexpr bool kReadsX = true, kReadsY = false;

  explicit LogSumExpReducer(const PoolOp& op) : beta(op.beta) {}

  template <class V>
  using State = ExpSum<V>;
  template <class V>
  HWY_INLINE State<V> start(int) const {
    return no_exp_sum<V>();
  }
  template <class V>
  HWY_INLINE void scan(State<V>& s, V x, int) const {
    s.scan(x);
  }
  template <class V>
  HWY_INLINE void scanned(State<V>& s, V) const {
    s.scanned();
  }
  template <class V>
  HWY_INLINE void take(State<V>& s, V x, int) const {
    s.sum = s.sum + exp(V(beta) * below_top(x, s.top));
  }
  template <class V>
  HWY_INLINE V value(const State<V>& s, PoolCount count) const {
    return s.top + log(s.sum / V(static_cast<float>(count.inside))) / V(beta);
  }
  template <class V>
  HWY_INLINE Note<V> note(const State<V>& s) const {
    return {s.top, s.reciprocal()};
  }
  template <class V>
  HWY_INLINE V pull(V dy, V x, V, const Note<V>& note, int, PoolCount) const {
    const auto [top, reciprocal] = note;
    return dy * (exp(V(beta) * below_top(x, top)) * reciprocal);
  }

  float beta;
};
static_assert(PoolReducer<LogSumExpReducer, Lanes<Wide>> &&
              ScanningReducer<LogSumExpReducer, float>);

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
