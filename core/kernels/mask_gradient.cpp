#include "core/kernels/mask_gradient.h"

#include <algorithm>
#include <vector>

#include "core/runtime/parallel.h"

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
    const V gradient = select(V::load(y + i) > V(0.f), V::load(dy + i) * V(scale), V(0.f));
    gradient.store(dy + i);
    (V::load(sums + i) + gradient).store(sums + i);
  });
}

// The stored values [begin, end), in runs as long as `sums`, which starts at zero.
void mask_range(const Tensor& y, float scale, Tensor& dy, int64_t begin, int64_t end,
                std::vector<float>& sums) {
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
  const int64_t channels = dy.c(), rows = dy.stored() / channels;
  const int chunks = reduction_chunks(rows, 64);
  // Sums for several rows at a time: long runs of whole registers for every number of channels.
  constexpr int64_t kLanes = 512;
  const int64_t together = std::max<int64_t>(kLanes / channels, 1);
  Tensor partial = Tensor::zeros({chunks, channels});
  parallel_for(chunks, [&](int64_t chunk) {
    std::vector<float> sums(static_cast<size_t>(together * channels));
    HWY_DYNAMIC_DISPATCH(mask_range)
    (y, scale, dy, rows * chunk / chunks * channels, rows * (chunk + 1) / chunks * channels, sums);
    float* mine = partial.data() + chunk * channels;
    for (size_t i = 0; i < sums.size(); ++i) mine[static_cast<int64_t>(i) % channels] += sums[i];
  });
  tree_sum(partial.data(), chunks, channels, channels);
  Tensor total = Tensor::empty({channels});
  std::copy_n(partial.data(), channels, total.data());
  return total;
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
