// The logistic function and its derivative.
#if defined(WEIR_CORE_KERNELS_SIGMOID_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_SIGMOID_INL_H_
#undef WEIR_CORE_KERNELS_SIGMOID_INL_H_
#else
#define WEIR_CORE_KERNELS_SIGMOID_INL_H_
#endif

#include <hwy/contrib/math/math-inl.h>

#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// exp(-|x|), at most 1: never overflows. Highway's Exp turns NaN into 0, so callers multiply by x.
template <class D>
HWY_INLINE Lanes<D> exp_negative(Lanes<D> magnitude) {
  return hn::Exp(D(), (-magnitude).raw);
}

// The logistic function 1 / (1 + exp(-x)), without NaN's propagation.
template <class V>
HWY_INLINE V logistic(V x) {
  const V e = exp_negative(abs(x));
  return select(x > V(0.f), V(1.f), e) / (V(1.f) + e);
}

struct Sigmoid {
  template <class V>
  HWY_INLINE V forward(V x) const {
    return select(is_nan(x), x, logistic(x));
  }
  template <class V>
  HWY_INLINE V backward(V y, V dy) const {
    return dy * y * (V(1.f) - y);
  }
};

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
