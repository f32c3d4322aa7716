#include "core/kernels/elementwise.h"

#include "core/base/error.h"
#include "core/runtime/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/elementwise.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

template <class T>
void add_elements(T* into, const T* from, int64_t begin, int64_t end) {
  for_lanes(begin, end, [=]<class D>(D, int64_t i) HWY_ATTR {
    using V = Lanes<D>;
    (V::load(into + i) + V::load(from + i)).store(into + i);
  });
}

void add_range(Tensor& into, const Tensor& from, int64_t begin, int64_t end) {
  with_storage(into.dtype(), [&]<class T>(T) HWY_ATTR {
    add_elements(into.data<T>(), from.data<T>(), begin, end);
  });
}

void scale_range(float* values, float factor, int64_t begin, int64_t end) {
  for_lanes(begin, end, [=]<class D>(D, int64_t i) HWY_ATTR {
    using V = Lanes<D>;
    (V::load(values + i) * V(factor)).store(values + i);
  });
}

// Squares as doubles, so that neither overflow nor the length of the sum costs digits.
double squares_of_range(const float* values, int64_t begin, int64_t end) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<float, decltype(d)> half;
  const int64_t step = static_cast<int64_t>(hn::Lanes(d));
  auto even = hn::Zero(d), odd = hn::Zero(d);  // two chains hide the latency of the addition
  int64_t i = begin;
  for (; i + 2 * step <= end; i += 2 * step) {
    const auto a = hn::PromoteTo(d, hn::LoadU(half, values + i));
    const auto b = hn::PromoteTo(d, hn::LoadU(half, values + i + step));
    even = hn::MulAdd(a, a, even);
    odd = hn::MulAdd(b, b, odd);
  }
  double sum = hn::GetLane(hn::SumOfLanes(d, hn::Add(even, odd)));
  for (; i < end; ++i) sum += double{values[i]} * double{values[i]};
  return sum;
}

bool range_is_finite(const float* values, int64_t begin, int64_t end) {
  bool finite = true;
  for_lanes(begin, end, [&]<class D>(D d, int64_t i) HWY_ATTR {
    using V = Lanes<D>;
    const V zero(0.f);
    finite &= hn::AllTrue(d, V::load(values + i) * zero == zero);  // inf * 0 and NaN * 0 are NaN
  });
  return finite;
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {

HWY_EXPORT(add_range);
HWY_EXPORT(scale_range);
HWY_EXPORT(squares_of_range);
HWY_EXPORT(range_is_finite);

void add_in_place(Tensor& into, const Tensor& from) {
  require(into.shape() == from.shape() && into.block() == from.block() &&
              into.dtype() == from.dtype() && is_floating(into.dtype()),
          "[add_in_place] expected two tensors of one shape and layout, both F32 or both BF16, got "
          "{} {} and {} {}",
          name_of(into.dtype()), into.shape().str(), name_of(from.dtype()), from.shape().str());
  parallel_ranges(into.stored(), kElementGrain, [&](int64_t begin, int64_t end) {
    HWY_DYNAMIC_DISPATCH(add_range)(into, from, begin, end);
  });
}

void scale_in_place(Tensor& tensor, float factor) {
  parallel_ranges(tensor.stored(), kElementGrain, [&](int64_t begin, int64_t end) {
    HWY_DYNAMIC_DISPATCH(scale_range)(tensor.data(), factor, begin, end);
  });
}

double sum_of_squares(const Tensor& tensor) {
  return parallel_sum(tensor.stored(), [&](int64_t begin, int64_t end) {
    return HWY_DYNAMIC_DISPATCH(squares_of_range)(tensor.data(), begin, end);
  });
}

bool all_finite(const Tensor& tensor) {
  const double bad_chunks = parallel_sum(tensor.stored(), [&](int64_t begin, int64_t end) {
    return HWY_DYNAMIC_DISPATCH(range_is_finite)(tensor.data(), begin, end) ? 0.0 : 1.0;
  });
  return bad_chunks == 0;
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
