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

// The sum of e^(b x), divided by that of the largest input so that it neither overflows nor
// vanishes. Shared with SoftPool.
template <class V>
struct ExpSum {
  V top, sum;

  HWY_INLINE void scan(V z) { top = larger(z, top); }
  HWY_INLINE void scanned() { top = select(abs(top) == V(kInfinity), V(0.f), top); }
  // Returns what it adds.
  HWY_INLINE V take(V z) {
    const V term = exp(z - top);
    sum = sum + term;
    return term;
  }
  HWY_INLINE V log_of_sum() const { return top + log(sum); }
};
template <class V>
HWY_INLINE ExpSum<V> no_exp_sum() {
  return {V(-kInfinity), V(0.f)};
}

// Input z's part of a sum, whose logarithm is given. Nothing of an empty one.
template <class V>
HWY_INLINE V part_of(V z, V log_of_sum) {
  return select(log_of_sum == V(-kInfinity), V(0.f), exp(z - log_of_sum));
}

struct LogSumExpReducer {
  static constexpr PoolKind kKind = PoolKind::kLogSumExp;
  static constexpr PoolNotes kNotes = PoolNotes::kNumber;  // log sum e^(b x)
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
    s.scan(V(beta) * x);
  }
  template <class V>
  HWY_INLINE void scanned(State<V>& s, V) const {
    s.scanned();
  }
  template <class V>
  HWY_INLINE void take(State<V>& s, V x, int) const {
    s.take(V(beta) * x);
  }
  template <class V>
  HWY_INLINE V value(const State<V>& s, PoolCount count) const {
    return (s.log_of_sum() - V(log(static_cast<float>(count.inside)))) / V(beta);
  }
  template <class V>
  HWY_INLINE V note(const State<V>& s) const {
    return s.log_of_sum();
  }
  template <class V>
  HWY_INLINE V pull(V dy, V x, V, V note, int, PoolCount) const {
    return dy * part_of(V(beta) * x, note);
  }

  float beta;
};
static_assert(PoolReducer<LogSumExpReducer, Lanes<Wide>> &&
              ScanningReducer<LogSumExpReducer, float>);

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
