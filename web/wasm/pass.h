// One reducer of the library over one geometry.
#pragma once

#include <cstdint>
#include <vector>

#include "core/kernels/pool.h"
#include "core/kernels/pool/task.h"
#include "web/wasm/operation.h"

namespace weir::web {

class Pass : public Operation {
 public:
  Pass(kernels::PoolOp op, kernels::PoolGeometry geometry, int lanes);

  const kernels::PoolGeometry& geometry() const override { return geometry_; }
  int lanes() const override { return static_cast<int>(lanes_); }
  void forward(const float* x, const float* uniform) override;
  const std::vector<float>& output() const override { return y_; }
  void backward(const float* dy, float* dx) override;
  int winner(int64_t at) const override;

  const kernels::PoolOp& op() const { return op_; }
  // Of the taps, row by row: for PoolKind::kWeighted.
  std::vector<float>& weights() { return op_.weights; }

 private:
  kernels::PoolBlock<float> block();

  kernels::PoolOp op_;
  kernels::PoolGeometry geometry_;
  int64_t lanes_;
  const float* x_ = nullptr;
  std::vector<float> y_, numbers_;
  std::vector<int32_t> winners_;  // taps
};

}  // namespace weir::web
