// The loops of core/kernels/blend.h over pieces of memory. T is what numbers are stored as.
#if defined(WEIR_CORE_KERNELS_BLEND_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_BLEND_INL_H_
#undef WEIR_CORE_KERNELS_BLEND_INL_H_
#else
#define WEIR_CORE_KERNELS_BLEND_INL_H_
#endif

#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

template <class T>
HWY_INLINE void blend_numbers(const float* gate, const T* a, const T* b, int64_t begin, int64_t end,
                              T* y) {
  for_lanes(begin, end, [=]<class D>(D, int64_t i) HWY_ATTR {
    using V = Lanes<D>;
    const V share = V::load(gate + i), one = V::load(a + i), other = V::load(b + i);
    const V mixed = share * one + (V(1.f) - share) * other;
    const V unmixed = select(share == V(1.f), one, select(share == V(0.f), other, mixed));
    unmixed.store(y + i);
  });
}

template <class T>
HWY_INLINE void share_gradient(const float* gate, const T* dy, int64_t begin, int64_t end, T* da,
                               T* db) {
  for_lanes(begin, end, [=]<class D>(D, int64_t i) HWY_ATTR {
    using V = Lanes<D>;
    const V share = V::load(gate + i), upstream = V::load(dy + i);
    (share * upstream).store(da + i);
    ((V(1.f) - share) * upstream).store(db + i);
  });
}

template <class T>
HWY_INLINE void gate_gradient(const T* a, const T* b, const T* dy, int64_t begin, int64_t end,
                              float* dgate) {
  for_lanes(begin, end, [=]<class D>(D, int64_t i) HWY_ATTR {
    using V = Lanes<D>;
    (V::load(dy + i) * (V::load(a + i) - V::load(b + i))).store(dgate + i);
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
