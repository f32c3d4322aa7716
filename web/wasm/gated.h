// Gated pooling: a mixture whose share is the sigmoid of a filter over the window.
#pragma once

#include <vector>

#include "web/wasm/mixture.h"

namespace weir::web {

class Gated : public Operation {
 public:
  // The weights of the filter are zeros: a share of one half.
  Gated(const kernels::PoolGeometry& geometry, int lanes);

  const kernels::PoolGeometry& geometry() const override { return mixture_.geometry(); }
  int lanes() const override { return mixture_.lanes(); }
  void forward(const float* x, const float* uniform) override;
  const std::vector<float>& output() const override { return mixture_.output(); }
  void backward(const float* dy, float* dx) override;

  std::vector<float>& weights() { return filter_.weights(); }  // of the taps, row by row
  float gate(int64_t at) { return mixture_.shares()[static_cast<size_t>(at)]; }

 private:
  Mixture mixture_;
  Pass filter_;
};

}  // namespace weir::web
