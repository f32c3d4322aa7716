#include "core/kernels/cast.h"

#include "core/kernels/elementwise.h"
#include "core/runtime/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cast.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

template <class From, class To>
void cast_elements(const From* from, To* to, int64_t begin, int64_t end) {
  for_lanes(begin, end,
            [=]<class D>(D, int64_t i) HWY_ATTR { Lanes<D>::load(from + i).store(to + i); });
}

void cast_range(const Tensor& from, Tensor& to, int64_t begin, int64_t end) {
  with_storage(from.dtype(), [&]<class From>(From) HWY_ATTR {
    with_storage(to.dtype(), [&]<class To>(To) HWY_ATTR {
      cast_elements(from.data<From>(), to.data<To>(), begin, end);
    });
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {

HWY_EXPORT(cast_range);

void cast(const Tensor& from, Tensor& to, int64_t begin, int64_t end) {
  HWY_DYNAMIC_DISPATCH(cast_range)(from, to, begin, end);
}

void cast(const Tensor& from, Tensor& to) {
  parallel_ranges(from.stored(), kElementGrain,
                  [&](int64_t begin, int64_t end) { cast(from, to, begin, end); });
}

Tensor stored_as(const Tensor& tensor, DType type) {
  if (tensor.dtype() == type) return tensor;
  Tensor copy = Tensor::like(tensor, type);
  cast(tensor, copy);
  return copy;
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
