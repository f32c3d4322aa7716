#include "core/kernels/channel_sum.h"

#include <algorithm>

#include "core/runtime/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/channel_sum.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// sums[i] += the number at i
template <class T>
HWY_INLINE void add_lanes(const T* from, int64_t count, float* sums) {
  for_lanes(0, count, [=]<class D>(D, int64_t i) HWY_ATTR {
    using V = Lanes<D>;
    (V::load(sums + i) + V::load(from + i)).store(sums + i);
  });
}

void add_range(const Tensor& images, int64_t begin, int64_t end, int64_t zero,
               std::span<float> sums) {
  const auto size = static_cast<int64_t>(sums.size());
  with_storage(images.dtype(), [&]<class T>(T) HWY_ATTR {
    for (int64_t at = begin, next; at < end; at = next) {
      const int64_t offset = (at - zero) % size;
      next = std::min(at + size - offset, end);
      add_lanes(images.data<T>() + at, next - at, sums.data() + offset);
    }
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {

HWY_EXPORT(add_range);

Tensor channel_sum(const Tensor& images, AddToChannels add) {
  const int64_t channels = images.c(), rows = images.stored() / channels;
  const int chunks = reduction_chunks(rows, 64);
  // Sums for several rows at a time: long runs of whole registers for every number of channels.
  constexpr int64_t kLanes = 512;
  const int64_t together = std::max<int64_t>(kLanes / channels, 1);
  Tensor partial = Tensor::zeros({chunks, channels});
  parallel_for(chunks, [&](int64_t chunk) {
    // A tensor is aligned: registers that cross a cache line cost twice.
    Tensor sums = Tensor::zeros({together, channels});
    add(rows * chunk / chunks * channels, rows * (chunk + 1) / chunks * channels,
        std::span(sums.data(), static_cast<size_t>(sums.numel())));
    float* mine = partial.data() + chunk * channels;
    for (int64_t row = 0; row < together; ++row) {
      for (int64_t c = 0; c < channels; ++c) mine[c] += sums.data()[row * channels + c];
    }
  });
  tree_sum(partial.data(), chunks, channels, channels);
  Tensor total = Tensor::empty({channels});
  std::copy_n(partial.data(), channels, total.data());
  return total;
}

Tensor channel_sum(const Tensor& images) {
  return channel_sum(images, [&](int64_t begin, int64_t end, std::span<float> sums) {
    add_to_channels(images, begin, end, begin, sums);
  });
}

void add_to_channels(const Tensor& images, int64_t begin, int64_t end, int64_t zero,
                     std::span<float> sums) {
  HWY_DYNAMIC_DISPATCH(add_range)(images, begin, end, zero, sums);
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
