// Stores past the caches, for what nobody reads before it is overwritten
// (core/kernels/past_caches.h). hwy::FlushStream() before another thread may read it.
#if defined(WEIR_CORE_KERNELS_STREAM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEIR_CORE_KERNELS_STREAM_INL_H_
#undef WEIR_CORE_KERNELS_STREAM_INL_H_
#else
#define WEIR_CORE_KERNELS_STREAM_INL_H_
#endif

#include <cstdint>

#include <hwy/cache_control.h>

#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// Highway writes no less than 16 bytes that way.
template <class D>
constexpr bool kIsStreamed = hn::MaxLanes(D()) * sizeof(hn::TFromD<D>) >= 16;

// `to` is a multiple of what a register of numbers takes.
HWY_INLINE void stream(Lanes<Wide> value, float* to) {
  if constexpr (!kIsStreamed<Wide>) return value.store(to);
  hn::Stream(value.raw, Wide(), to);
}
HWY_INLINE void stream(Lanes<Wide> value, bfloat16* to) {
  const hn::Rebind<uint16_t, Wide> halves;
  if constexpr (!kIsStreamed<decltype(halves)>) return value.store(to);
  const auto bits = hn::ShiftRight<16>(round_to_upper_half<Wide>(value.raw));
  hn::Stream(hn::TruncateTo(halves, bits), halves, reinterpret_cast<uint16_t*>(to));
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled include guard
