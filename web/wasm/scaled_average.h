// LeNet-5's average pooling, times a weight, plus a bias.
#pragma once

#include <vector>

#include "web/wasm/pass.h"

namespace weir::web {

class ScaledAverage : public Operation {
 public:
  ScaledAverage(float weight, float bias, const kernels::PoolGeometry& geometry, int lanes);

  const kernels::PoolGeometry& geometry() const override { return average_.geometry(); }
  int lanes() const override { return average_.lanes(); }
  void forward(const float* x, const float* uniform) override;
  const std::vector<float>& output() const override { return y_; }
  void backward(const float* dy, float* dx) override;

 private:
  float weight_, bias_;
  Pass average_;
  std::vector<float> y_;
};

}  // namespace weir::web
