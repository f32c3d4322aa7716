// The p-norm of a window: y = (sum_k c_k a_k^p)^(1/p) with a = |x|, and dx_k += dy * c_k *
// (a_k / y)^(p-1) * sign(x_k). LpScale says what the coefficients c are. A window of zeros has y =
// 0 and sends nothing back. Sermanet, Chintala, LeCun, ICPR 2012 (arXiv:1204.3968).
//
// Inputs are divided by a power of two near the largest, so that no power overflows, and no bit is
// lost by it. Up to twice the unit remains of them, whose power overflows all the same for a large
// p: then the unit is the largest itself.
#if defined(WEIR_CORE_KERNELS_POOL_LP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_POOL_LP_INL_H_
#undef WEIR_CORE_KERNELS_POOL_LP_INL_H_
#else
#define WEIR_CORE_KERNELS_POOL_LP_INL_H_
#endif

#include <cmath>

#include "core/kernels/math-inl.h"
#include "core/kernels/pool/reducer-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// What the norm and its derivative in p share: the powers, and their coefficients.
class LpPowers {
 public:
  explicit LpPowers(const PoolOp& op)
      : p_(op.p),
        floor_(op.floor.value_or(-kInfinity)),
        absolute_(op.absolute),
        odd_(std::fmod(op.p, 2.f) == 1.f),
        whole_(op.p == std::floor(op.p)),
        scale_(op.scale),
        weights_(op.weights.data()),
        power_(op.p) {}

  template <class V>
  HWY_INLINE V floored(V x) const {
    return select(x <= V(floor_), V(floor_), x);  // in this order NaN stays NaN
  }
  // c a^p but for the factor of the whole window. Without `absolute`, x^p: negative for odd powers
  // of negative numbers, NaN where p is not whole.
  template <class V>
  HWY_INLINE V term(V x, int tap) const {
    V power = power_(abs(x));
    if (!absolute_ && odd_) power = select(x > V(0.f), power, -power);
    if (!absolute_ && !whole_) power = select(x >= V(0.f), power, V(std::nanf("")));
    return scale_ == LpScale::kWeighted ? power * V(weights_[tap]) : power;
  }
  float window_factor(PoolCount count) const {
    if (scale_ == LpScale::kMean) return 1.f / static_cast<float>(count.inside);
    if (scale_ == LpScale::kWeighted) return 1.f;
    return static_cast<float>(count.whole) / static_cast<float>(count.padded);
  }
  float coefficient(int tap, PoolCount count) const {
    return scale_ == LpScale::kWeighted ? weights_[tap] : window_factor(count);
  }
  // The sign of the derivative of a^p, or of x^p: that one is positive for odd powers.
  template <class V>
  HWY_INLINE V with_sign_of_slope(V x, V slope) const {
    if (!absolute_ && odd_) return slope;
    return select(x > V(0.f), slope, select(x == V(0.f), V(0.f), -slope));
  }

  float p() const { return p_; }

 private:
  float p_, floor_;
  bool absolute_, odd_, whole_;
  LpScale scale_;
  const float* weights_;
  Power power_;
};

struct LpReducer : NoNote {
  static constexpr PoolKind kKind = PoolKind::kLp;
  static constexpr bool kLight = false;
  static constexpr bool kReadsX = true, kReadsY = true;

  explicit LpReducer(const PoolOp& op)
      : powers(op),
        root(1.f / op.p),
        slope(op.p - 1.f),
        floor(op.floor.value_or(-kInfinity)),
        large_p(op.p > 64) {}

  template <class V>
  struct State {
    using Value = V;
    V largest, unit, sum;
  };
  template <class V>
  HWY_INLINE State<V> start(int) const {
    return {V(0.f), V(1.f), V(0.f)};
  }
  template <class V>
  HWY_INLINE void scan(State<V>& s, V x, int) const {
    s.largest = larger(abs(powers.floored(x)), s.largest);
  }
  template <class V>
  HWY_INLINE void scanned(State<V>& s, V) const {
    const V bounded = larger(select(s.largest > V(0x1p126f), V(0x1p126f), s.largest), V(0x1p-126f));
    s.unit = large_p ? bounded : power_of_two_below(s.largest);
  }
  template <class V>
  HWY_INLINE void take(State<V>& s, V x, int tap) const {
    s.sum = s.sum + powers.term(powers.floored(x) * (V(1.f) / s.unit), tap);
  }
  template <class V>
  HWY_INLINE V value(const State<V>& s, PoolCount count) const {
    return s.unit * root(s.sum * V(powers.window_factor(count)));
  }
  template <class V>
  HWY_INLINE V pull(V dy, V x, V y, V, int tap, PoolCount count) const {
    const V bounded = powers.floored(x);
    const V share = V(powers.coefficient(tap, count)) * slope(abs(bounded) / abs(y));
    const V dx = dy * powers.with_sign_of_slope(bounded, share);
    return select(either(y == V(0.f), V(floor) > x), V(0.f), dx);
  }

  LpPowers powers;
  Power root, slope;
  float floor;
  bool large_p;
};
static_assert(PoolReducer<LpReducer, Lanes<Wide>> && ScanningReducer<LpReducer, float>);

// dy/dp = y * (sum_k c_k a_k^p log a_k / (p s) - log(s) / p^2), s = sum_k c_k a_k^p: also a
// reduction of the window, so that the gradient of p is the sum over outputs of dy times it.
struct LpSlopeReducer : NoNote {
  static constexpr PoolKind kKind = PoolKind::kLpSlope;
  static constexpr bool kLight = false;
  static constexpr bool kReadsX = false, kReadsY = false;

  explicit LpSlopeReducer(const PoolOp& op) : norm(op) {}

  template <class V>
  struct State {
    using Value = V;
    typename LpReducer::State<V> norm;
    V logs;
  };
  template <class V>
  HWY_INLINE State<V> start(int first) const {
    return {norm.template start<V>(first), V(0.f)};
  }
  template <class V>
  HWY_INLINE void scan(State<V>& s, V x, int tap) const {
    norm.scan(s.norm, x, tap);
  }
  template <class V>
  HWY_INLINE void scanned(State<V>& s, V uniform) const {
    norm.scanned(s.norm, uniform);
  }
  template <class V>
  HWY_INLINE void take(State<V>& s, V x, int tap) const {
    norm.take(s.norm, x, tap);
    const V ratio = norm.powers.floored(x) * (V(1.f) / s.norm.unit);
    const V product = norm.powers.term(ratio, tap) * log(abs(ratio));
    s.logs = s.logs + select(ratio == V(0.f), V(0.f), product);
  }
  template <class V>
  HWY_INLINE V value(const State<V>& s, PoolCount count) const {
    const V p(norm.powers.p()), y = norm.value(s.norm, count);
    const V whole = s.norm.sum * V(norm.powers.window_factor(count));
    const V slope = y * (s.logs / (p * s.norm.sum) - log(whole) / (p * p));
    return select(y == V(0.f), V(0.f), slope);
  }
  template <class V>
  HWY_INLINE V pull(V, V, V, V, int, PoolCount) const {
    return V(0.f);
  }

  LpReducer norm;
};
static_assert(PoolReducer<LpSlopeReducer, Lanes<Wide>> && ScanningReducer<LpSlopeReducer, float>);

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
