#include "core/kernels/blend.h"

#include "core/kernels/elementwise.h"
#include "core/runtime/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/blend.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

void blend_range(const Tensor& gate, const Tensor& a, const Tensor& b, int64_t begin, int64_t end,
                 Tensor& out) {
  const float* g = gate.data();
  with_storage(out.dtype(), [&]<class T>(T) HWY_ATTR {
    const T *from_a = a.data<T>(), *from_b = b.data<T>();
    T* to = out.data<T>();
    for_lanes(begin, end, [=]<class D>(D, int64_t i) HWY_ATTR {
      using V = Lanes<D>;
      const V share = V::load(g + i), one = V::load(from_a + i), other = V::load(from_b + i);
      const V mixed = share * one + (V(1.f) - share) * other;
      const V unmixed = select(share == V(1.f), one, select(share == V(0.f), other, mixed));
      unmixed.store(to + i);
    });
  });
}

void blend_backward_range(const Tensor& gate, const Tensor& a, const Tensor& b, const Tensor& dy,
                          int64_t begin, int64_t end, BlendGradients& out) {
  const float* g = gate.data();
  float* dgate = out.dgate.defined() ? out.dgate.data() : nullptr;
  with_storage(dy.dtype(), [&]<class T>(T) HWY_ATTR {
    const T *from_a = dgate == nullptr ? nullptr : a.data<T>(),
            *from_b = dgate == nullptr ? nullptr : b.data<T>(), *from = dy.data<T>();
    T *da = out.da.data<T>(), *db = out.db.data<T>();
    for_lanes(begin, end, [=]<class D>(D, int64_t i) HWY_ATTR {
      using V = Lanes<D>;
      const V share = V::load(g + i), upstream = V::load(from + i);
      (share * upstream).store(da + i);
      ((V(1.f) - share) * upstream).store(db + i);
      if (dgate == nullptr) return;
      (upstream * (V::load(from_a + i) - V::load(from_b + i))).store(dgate + i);
    });
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
