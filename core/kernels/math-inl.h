// Functions of a vector of lanes, or of one number. NaN stays NaN, and infinities give what
// mathematics says; Highway's functions promise neither.
#if defined(WEIR_CORE_KERNELS_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_MATH_INL_H_
#undef WEIR_CORE_KERNELS_MATH_INL_H_
#else
#define WEIR_CORE_KERNELS_MATH_INL_H_
#endif

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <hwy/contrib/math/math-inl.h>

#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

template <class D>
HWY_INLINE auto operator>=(Lanes<D> a, Lanes<D> b) {
  return hn::Ge(a.raw, b.raw);
}

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Relative error at most 2^-23 where the result is a normal number.
template <class D>
HWY_INLINE Lanes<D> exp(Lanes<D> a) {
  const Lanes<D> inside = hn::Min(a.raw, hn::Set(D(), 89.f));  // e^89 is infinite
  return select(is_nan(a), a, Lanes<D>(hn::Exp(D(), inside.raw)));
}
HWY_INLINE float exp(float a) { return std::exp(a); }

// Error at most 2^-22 of the result, or 2^-24 near 1.
template <class D>
HWY_INLINE Lanes<D> log(Lanes<D> a) {
  const Lanes<D> zero(0.f), infinity(kInfinity), nan(std::numeric_limits<float>::quiet_NaN());
  Lanes<D> result = hn::Log(D(), a.raw);
  result = select(a == zero, -infinity, result);
  result = select(a == infinity, infinity, result);
  return select(a >= zero, result, nan);
}
HWY_INLINE float log(float a) { return std::log(a); }

template <class D>
HWY_INLINE Lanes<D> sqrt(Lanes<D> a) {
  return hn::Sqrt(a.raw);
}
HWY_INLINE float sqrt(float a) { return std::sqrt(a); }
HWY_INLINE float abs(float a) { return std::fabs(a); }

// The larger one; the second one when they compare as neither, as with NaN.
template <class V>
HWY_INLINE V larger(V a, V b) {
  return select(a > b, a, b);
}

// The power of two at or below a >= 0, at least 2^-126 and at most 2^126.
template <class D>
HWY_INLINE Lanes<D> power_of_two_below(Lanes<D> a) {
  const Lanes<D> exponent = hn::And(a.raw, hn::Set(D(), kInfinity));
  return hn::Min(hn::Max(exponent.raw, hn::Set(D(), 0x1p-126f)), hn::Set(D(), 0x1p126f));
}
HWY_INLINE float power_of_two_below(float a) {
  const float exponent = std::bit_cast<float>(std::bit_cast<uint32_t>(a) & 0x7F800000u);
  return std::clamp(exponent, 0x1p-126f, 0x1p126f);
}

// a^p for a >= 0. Small whole powers by multiplication; others as e^(p log a), whose relative error
// is at most 2^-22 (|p log a| + 1).
class Power {
 public:
  explicit Power(float p) : p_(p), whole_(p >= 0 && p <= 8 && p == std::floor(p) ? int(p) : -1) {}
  template <class V>
  HWY_INLINE V operator()(V a) const {
    if (whole_ < 0) return p_ == 0.5f ? sqrt(a) : exp(V(p_) * log(a));
    V product(1.f);
    for (int i = 0; i < whole_; ++i) product = product * a;
    return product;
  }

 private:
  float p_;
  int whole_;  // -1: not small and whole
};

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
