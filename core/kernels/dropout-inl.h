// Dropout's decision for the lanes of a vector, for kernels that drop while they do something else.
#if defined(WEIR_CORE_KERNELS_DROPOUT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_DROPOUT_INL_H_
#undef WEIR_CORE_KERNELS_DROPOUT_INL_H_
#else
#define WEIR_CORE_KERNELS_DROPOUT_INL_H_
#endif

#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// value * scale where the random number reaches the threshold, else 0.
template <class D>
HWY_INLINE Lanes<D> keep_or_drop(Lanes<D> value, const uint16_t* random, int threshold,
                                 float scale) {
  using V = Lanes<D>;
  const D d;
  const hn::Rebind<uint16_t, D> shorts;
  const hn::RebindToSigned<D> integers;
  const auto drawn = hn::PromoteTo(integers, hn::LoadU(shorts, random));
  const auto dropped = hn::Lt(drawn, hn::Set(integers, threshold));
  return select(hn::RebindMask(d, dropped), V(0.f), value * V(scale));
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
