#include "web/wasm/scaled_average.h"

#include "core/kernels/simd-inl.h"

namespace weir::web {
namespace {

namespace simd = kernels::HWY_NAMESPACE;

// to = from * scale + shift, as scale_shift() in core/functions/blend.cpp.
void scale_shift(const std::vector<float>& from, float scale, float shift, std::vector<float>& to) {
  simd::for_lanes(0, static_cast<int64_t>(from.size()),
                  [=, from = from.data(), to = to.data()]<class D>(D, int64_t i) {
                    using V = simd::Lanes<D>;
                    simd::fma(V::load(from + i), V(scale), V(shift)).store(to + i);
                  });
}

}  // namespace

ScaledAverage::ScaledAverage(float weight, float bias, const kernels::PoolGeometry& geometry,
                             int lanes)
    : weight_(weight),
      bias_(bias),
      average_({.kind = kernels::PoolKind::kAvg, .count_include_pad = false}, geometry, lanes),
      y_(average_.output().size()) {}

void ScaledAverage::forward(const float* x, const float* uniform) {
  average_.forward(x, uniform);
  scale_shift(average_.output(), weight_, bias_, y_);
}

void ScaledAverage::backward(const float* dy, float* dx) {
  std::vector<float> scaled(y_.size());
  scale_shift({dy, dy + y_.size()}, weight_, 0.f, scaled);
  average_.backward(scaled.data(), dx);
}

}  // namespace weir::web
