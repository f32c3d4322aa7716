#include "web/wasm/gated.h"

#include "core/kernels/blend-inl.h"
#include "core/kernels/sigmoid-inl.h"

namespace weir::web {
namespace {

namespace simd = kernels::HWY_NAMESPACE;

kernels::PoolOp no_filter(const kernels::PoolGeometry& geometry) {
  return {.kind = kernels::PoolKind::kWeighted,
          .weights = std::vector<float>(static_cast<size_t>(geometry.taps()))};
}

}  // namespace

Gated::Gated(const kernels::PoolGeometry& geometry, int lanes)
    : mixture_(0.5f, geometry, lanes), filter_(no_filter(geometry), geometry, lanes) {}

void Gated::forward(const float* x, const float* uniform) {
  filter_.forward(x, uniform);
  const float* sums = filter_.output().data();
  float* gate = mixture_.shares().data();
  simd::for_lanes(0, static_cast<int64_t>(output().size()), [=]<class D>(D, int64_t i) {
    simd::Sigmoid().forward(simd::Lanes<D>::load(sums + i)).store(gate + i);
  });
  mixture_.forward(x, uniform);
}

void Gated::backward(const float* dy, float* dx) {
  const auto outputs = static_cast<int64_t>(output().size());
  std::vector<float> of_gate(output().size());
  simd::gate_gradient(mixture_.max().output().data(), mixture_.average().output().data(), dy, 0,
                      outputs, of_gate.data());
  const float* gate = mixture_.shares().data();
  simd::for_lanes(0, outputs, [gate, to = of_gate.data()]<class D>(D, int64_t i) {
    using V = simd::Lanes<D>;
    simd::Sigmoid().backward(V::load(gate + i), V::load(to + i)).store(to + i);
  });
  const auto inputs = static_cast<size_t>(geometry().y.in() * geometry().x.in() * lanes());
  std::vector<float> of_filter(inputs);
  filter_.backward(of_gate.data(), of_filter.data());
  mixture_.backward(dy, dx);
  for (size_t i = 0; i < inputs; ++i) dx[i] += of_filter[i];
}

}  // namespace weir::web
