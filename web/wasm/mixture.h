// Mixed pooling: a share of the maximum, and the rest of the average. One share for each output.
#pragma once

#include <vector>

#include "web/wasm/pass.h"

namespace weir::web {

class Mixture : public Operation {
 public:
  Mixture(float share, const kernels::PoolGeometry& geometry, int lanes);

  const kernels::PoolGeometry& geometry() const override { return max_.geometry(); }
  int lanes() const override { return max_.lanes(); }
  void forward(const float* x, const float* uniform) override;
  const std::vector<float>& output() const override { return y_; }
  void backward(const float* dy, float* dx) override;

  const Pass& max() const { return max_; }
  const Pass& average() const { return average_; }
  std::vector<float>& shares() { return shares_; }

 private:
  Pass max_, average_;
  std::vector<float> shares_, y_;
};

}  // namespace weir::web
