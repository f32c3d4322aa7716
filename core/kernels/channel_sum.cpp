#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/channel_sum.cpp"
#include "core/kernels/channel_sum.h"

#include <algorithm>

#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"
#include "core/runtime/parallel.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// sums[c] = sum over r of from[r][c]
template <class T>
void sum_columns(const T* from, int64_t rows, int64_t channels, float* sums) {
  for (int64_t c = 0; c < channels; ++c) sums[c] = 0.f;
  for (int64_t r = 0; r < rows; ++r, from += channels) {
    for_lanes(0, channels, [=]<class D>(D, int64_t c) HWY_ATTR {
      using V = Lanes<D>;
      (V::load(sums + c) + V::load(from + c)).store(sums + c);
    });
  }
}

// Rows of C channels are numbered through all panels.
void sum_rows(const Tensor& images, int64_t begin, int64_t end, float* sums) {
  with_storage(images.dtype(), [&]<class T>(T) HWY_ATTR {
    const int64_t channels = images.c();
    sum_columns(images.data<T>() + begin * channels, end - begin, channels, sums);
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {

HWY_EXPORT(sum_rows);

Tensor channel_sum(const Tensor& images) {
  const int64_t rows = images.stored() / images.c(), channels = images.c();
  const int chunks = reduction_chunks(rows, 64);
  Tensor partial = Tensor::empty({chunks, channels});
  parallel_for(chunks, [&](int64_t chunk) {
    HWY_DYNAMIC_DISPATCH(sum_rows)
    (images, rows * chunk / chunks, rows * (chunk + 1) / chunks, partial.data() + chunk * channels);
  });
  tree_sum(partial.data(), chunks, channels, channels);
  Tensor sums = Tensor::empty({channels});
  std::copy_n(partial.data(), channels, sums.data());
  return sums;
}

}  // namespace weir::kernels
#endif
