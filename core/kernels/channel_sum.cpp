#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/channel_sum.cpp"
#include "core/kernels/channel_sum.h"

#include <algorithm>

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/runtime/parallel.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// sums[c] = sum over r of from[r][c]
void sum_columns(const float* from, int64_t rows, int64_t channels, float* sums) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t c = 0; c < channels; ++c) sums[c] = 0.f;
  for (int64_t r = 0; r < rows; ++r, from += channels) {
    int64_t c = 0;
    for (; c + lanes <= channels; c += lanes) {
      hn::StoreU(hn::Add(hn::LoadU(d, sums + c), hn::LoadU(d, from + c)), d, sums + c);
    }
    for (; c < channels; ++c) sums[c] += from[c];
  }
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {

HWY_EXPORT(sum_columns);

Tensor channel_sum(const Tensor& images) {
  const int64_t rows = images.stored() / images.c(), channels = images.c();
  const int chunks = reduction_chunks(rows, 64);
  Tensor partial = Tensor::empty({chunks, channels});
  parallel_for(chunks, [&](int64_t chunk) {
    const int64_t begin = rows * chunk / chunks, end = rows * (chunk + 1) / chunks;
    HWY_DYNAMIC_DISPATCH(sum_columns)
    (images.data() + begin * channels, end - begin, channels, partial.data() + chunk * channels);
  });
  tree_sum(partial.data(), chunks, channels, channels);
  Tensor sums = Tensor::empty({channels});
  std::copy_n(partial.data(), channels, sums.data());
  return sums;
}

}  // namespace weir::kernels
#endif
