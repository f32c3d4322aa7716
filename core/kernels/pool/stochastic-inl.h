// Stochastic pooling: y is one input, drawn with odds max(x, 0), or e^x; its tap takes the
// gradient. The draw: the first tap, in row-major order, where the sum of the odds so far exceeds u
// times their sum, u the random number of the output. When no input has odds, y = 0 (with e^x:
// -inf) and nothing is sent back; one infinite input is certain, the first of several. Zeiler,
// Fergus, ICLR 2013 (arXiv:1301.3557).
#if defined(WEIR_CORE_KERNELS_POOL_STOCHASTIC_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_STOCHASTIC_INL_H_
#undef WEIR_CORE_KERNELS_POOL_STOCHASTIC_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_STOCHASTIC_INL_H_
#endif

#include "core/kernels/math-inl.h"
#include "core/kernels/pool/reducer-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

struct StochasticReducer : GoesToWinner {
  static constexpr PoolKind kKind = PoolKind::kStochastic;
  static constexpr bool kLight = false;

  explicit StochasticReducer(const PoolOp& op) : softmax(op.softmax) {}

  template <class V>
  struct State {
    V top, total;       // the largest input so far; the sum of the odds, relative to it
    V threshold, odds;  // where to stop; the sum so far
    V tap, value;       // of the last one that may be it
  };
  template <class V>
  HWY_INLINE State<V> start(int) const {
    return {V(-kInfinity), V(0.f), V(0.f), V(0.f), V(kNobody), V(softmax ? -kInfinity : 0.f)};
  }
  template <class V>
  HWY_INLINE void scan(State<V>& s, V x, int) const {
    if (softmax) {
      const V top = larger(x, s.top);
      s.total = s.total * exp(finite(s.top) - finite(top));
      s.top = top;
    }
    s.total = s.total + odds_of(s, x);
  }
  template <class V>
  HWY_INLINE void scanned(State<V>& s, V uniform) const {
    s.threshold = select(s.total == V(kInfinity), V(0.f), uniform * s.total);
  }
  template <class V>
  HWY_INLINE void take(State<V>& s, V x, int tap) const {
    const V certain = select(x == V(kInfinity), V(1.f), V(0.f));
    const V odds = select(s.total == V(kInfinity), certain, odds_of(s, x));
    const V before = s.odds;
    s.odds = s.odds + odds;
    // Also the last one with odds, should rounding keep the sum from the threshold.
    const V open = select(before > s.threshold, V(0.f), odds);
    s.tap = select(open > V(0.f), V(static_cast<float>(tap)), s.tap);
    s.value = select(open > V(0.f), x, s.value);
  }
  template <class V>
  HWY_INLINE V value(const State<V>& s, PoolCount) const {
    return select(is_nan(s.total), s.total, s.value);
  }
  template <class V>
  HWY_INLINE V note(const State<V>& s) const {
    return s.tap;
  }

 private:
  template <class V>
  static HWY_INLINE V finite(V top) {
    return select(abs(top) == V(kInfinity), V(0.f), top);
  }
  template <class V>
  HWY_INLINE V odds_of(const State<V>& s, V x) const {
    return softmax ? exp(x - finite(s.top)) : select(x <= V(0.f), V(0.f), x);
  }

  bool softmax;
};
static_assert(PoolReducer<StochasticReducer, Lanes<Wide>> &&
              ScanningReducer<StochasticReducer, float>);

// What the draw gives on average, for evaluation: y = sum a^2 / sum a with a = max(x, 0), and
// dx_k += dy * (2 a_k - y) / sum a where x_k > 0. A window without positive inputs gives 0. (With
// odds e^x the average is SoftPool.)
struct StochasticMeanReducer : NotesNumbers<1> {  // sum a
  static constexpr PoolKind kKind = PoolKind::kStochasticMean;
  static constexpr bool kLight = false;
  static constexpr bool kReadsX = true, kReadsY = true;

  explicit StochasticMeanReducer(const PoolOp&) {}

  template <class V>
  struct State {
    V sum, squares;
  };
  template <class V>
  HWY_INLINE State<V> start(int) const {
    return {V(0.f), V(0.f)};
  }
  template <class V>
  HWY_INLINE void take(State<V>& s, V x, int) const {
    const V a = select(x <= V(0.f), V(0.f), x);
    s.sum = s.sum + a;
    s.squares = s.squares + a * a;
  }
  template <class V>
  HWY_INLINE V value(const State<V>& s, PoolCount) const {
    const V bounded = select(s.sum == V(kInfinity), V(kInfinity), s.squares / s.sum);
    return select(s.sum == V(0.f), V(0.f), bounded);
  }
  template <class V>
  HWY_INLINE Note<V> note(const State<V>& s) const {
    return {s.sum};
  }
  template <class V>
  HWY_INLINE V pull(V dy, V x, V y, const Note<V>& note, int, PoolCount) const {
    const auto [sum] = note;
    return select(x <= V(0.f), V(0.f), dy * (x + x - y) / sum);
  }
};
static_assert(PoolReducer<StochasticMeanReducer, Lanes<Wide>> &&
              PoolReducer<StochasticMeanReducer, float>);

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
