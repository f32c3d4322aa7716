#include "core/kernels/dropout.h"

#include "core/kernels/dropout_random.h"
#include "core/runtime/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/dropout.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/dropout-inl.h"
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// `count` stored elements of the tensors, from number `at`.
void drop_elements(const Tensor& in, const uint16_t* random, int64_t at, int64_t count,
                   int threshold, float scale, Tensor& out) {
  with_storage(in.dtype(), [&]<class T>(T) HWY_ATTR {
    const T* from = in.data<T>() + at;
    T* to = out.data<T>() + at;
    for_lanes(0, count, [=]<class D>(D, int64_t i) HWY_ATTR {
      keep_or_drop(Lanes<D>::load(from + i), random + i, threshold, scale).store(to + i);
    });
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {

HWY_EXPORT(drop_elements);

void dropout_apply(const DropoutStream& stream, const Tensor& in, Tensor& out) {
  const int threshold = stream.threshold();
  const float scale = stream.scale();
  const int64_t pixels = int64_t{in.h()} * in.w();
  parallel_ranges(in.blocks() * pixels, in.w(), [&](int64_t begin, int64_t end) {
    DropoutRandom random(stream, in);
    const bool gapless = random.stride() == in.c();  // then a panel is one row
    const int64_t rows = gapless ? 1 : in.block(), length = in.panel_size() / rows;
    for (int64_t p = begin; p < end; ++p) {
      const uint16_t* drawn = random.draw_panel(p / pixels * in.block(), p % pixels);
      for (int64_t r = 0; r < rows; ++r) {
        const int64_t at = p * in.panel_size() + r * length;
        HWY_DYNAMIC_DISPATCH(drop_elements)
        (in, drawn + r * random.stride(), at, length, threshold, scale, out);
      }
    }
  });
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
