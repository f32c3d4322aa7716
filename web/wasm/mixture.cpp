#include "web/wasm/mixture.h"

#include "core/kernels/blend-inl.h"

namespace weir::web {
namespace {

namespace simd = kernels::HWY_NAMESPACE;

// Of the cells inside the map, as in core/functions/mixed_pool2d.cpp.
const kernels::PoolOp kMean{.kind = kernels::PoolKind::kAvg, .count_include_pad = false};

}  // namespace

Mixture::Mixture(float share, const kernels::PoolGeometry& geometry, int lanes)
    : max_({.kind = kernels::PoolKind::kMax}, geometry, lanes),
      average_(kMean, geometry, lanes),
      shares_(max_.output().size(), share),
      y_(shares_.size()) {}

void Mixture::forward(const float* x, const float* uniform) {
  max_.forward(x, uniform);
  average_.forward(x, uniform);
  simd::blend_numbers(shares_.data(), max_.output().data(), average_.output().data(), 0,
                      static_cast<int64_t>(y_.size()), y_.data());
}

void Mixture::backward(const float* dy, float* dx) {
  std::vector<float> to_max(y_.size()), to_average(y_.size());
  simd::share_gradient(shares_.data(), dy, 0, static_cast<int64_t>(y_.size()), to_max.data(),
                       to_average.data());
  const auto inputs = static_cast<size_t>(geometry().y.in() * geometry().x.in() * lanes());
  std::vector<float> of_average(inputs);
  max_.backward(to_max.data(), dx);
  average_.backward(to_average.data(), of_average.data());
  for (size_t i = 0; i < inputs; ++i) dx[i] += of_average[i];
}

}  // namespace weir::web
