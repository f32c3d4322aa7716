#include "core/kernels/epilogue.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/epilogue.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

template <bool kBias, bool kRelu>
void finish(const float* bias, int64_t rows, int64_t channels, float* values) {
  for (int64_t row = 0; row < rows; ++row, values += channels) {
    for_lanes(0, channels, [=]<class D>(D, int64_t c) HWY_ATTR {
      using V = Lanes<D>;
      V value = V::load(values + c);
      if constexpr (kBias) value = value + V::load(bias + c);
      if constexpr (kRelu) value = select(value <= V(0.f), V(0.f), value);
      value.store(values + c);
    });
  }
}

void finish_rows(const float* bias, bool relu, int64_t rows, int64_t channels, float* values) {
  if (bias && relu) return finish<true, true>(bias, rows, channels, values);
  if (bias) return finish<true, false>(bias, rows, channels, values);
  if (relu) return finish<false, true>(bias, rows, channels, values);
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(finish_rows);

}  // namespace

void finish_panels(const Epilogue& epilogue, Tensor& images, int nb, int y, Range columns) {
  const int64_t rows = int64_t{columns.size()} * images.block();
  HWY_DYNAMIC_DISPATCH(finish_rows)
  (epilogue.bias, epilogue.relu, rows, images.c(), images.panel(nb, y, columns.begin));
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
