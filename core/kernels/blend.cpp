#include "core/kernels/blend.h"

#include "core/kernels/elementwise.h"
#include "core/runtime/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/blend.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/blend-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

void blend_range(const Tensor& gate, const Tensor& a, const Tensor& b, int64_t begin, int64_t end,
                 Tensor& out) {
  with_storage(out.dtype(), [&]<class T>(T) HWY_ATTR {
    blend_numbers(gate.data(), a.data<T>(), b.data<T>(), begin, end, out.data<T>());
  });
}

void blend_backward_range(const Tensor& gate, const Tensor& a, const Tensor& b, const Tensor& dy,
                          int64_t begin, int64_t end, BlendGradients& out) {
  with_storage(dy.dtype(), [&]<class T>(T) HWY_ATTR {
    const T* from = dy.data<T>();
    share_gradient(gate.data(), from, begin, end, out.da.data<T>(), out.db.data<T>());
    if (!out.dgate.defined()) return;
    gate_gradient(a.data<T>(), b.data<T>(), from, begin, end, out.dgate.data());
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {
HWY_EXPORT(blend_range);
HWY_EXPORT(blend_backward_range);
}  // namespace

void blend(const Tensor& gate, const Tensor& a, const Tensor& b, Tensor& y) {
  parallel_ranges(y.stored(), kElementGrain, [&](int64_t begin, int64_t end) {
    HWY_DYNAMIC_DISPATCH(blend_range)(gate, a, b, begin, end, y);
  });
}

void blend_backward(const Tensor& gate, const Tensor& a, const Tensor& b, const Tensor& dy,
                    BlendGradients& out) {
  parallel_ranges(dy.stored(), kElementGrain, [&](int64_t begin, int64_t end) {
    HWY_DYNAMIC_DISPATCH(blend_backward_range)(gate, a, b, dy, begin, end, out);
  });
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
