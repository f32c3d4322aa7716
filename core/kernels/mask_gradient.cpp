#include "core/kernels/mask_gradient.h"

#include <algorithm>

#include "core/kernels/channel_sum.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/mask_gradient.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// sums[i] += the result at i, for one run of lanes.
template <class T>
HWY_INLINE void mask_lanes(const T* y, float scale, T* dy, int64_t count, float* sums) {
  for_lanes(0, count, [=]<class D>(D, int64_t i) HWY_ATTR {
    using V = Lanes<D>;
    const V gradient = select(V::load(y + i) <= V(0.f), V(0.f), V::load(dy + i) * V(scale));
    gradient.store(dy + i);
    (V::load(sums + i) + gradient).store(sums + i);
  });
}

// The stored values [begin, end), in runs as long as `sums`.
void mask_range(const Tensor& y, float scale, Tensor& dy, int64_t begin, int64_t end,
                std::span<float> sums) {
  const auto step = static_cast<int64_t>(sums.size());
  with_storage(dy.dtype(), [&]<class T>(T) HWY_ATTR {
    for (int64_t at = begin; at < end; at += step) {
      mask_lanes(y.data<T>() + at, scale, dy.data<T>() + at, std::min(step, end - at), sums.data());
    }
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {

HWY_EXPORT(mask_range);

Tensor mask_gradient(const Tensor& y, float scale, Tensor& dy) {
  return channel_sum(dy, [&](int64_t begin, int64_t end, std::span<float> sums) {
    HWY_DYNAMIC_DISPATCH(mask_range)(y, scale, dy, begin, end, sums);
  });
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
