// What every pooling function does with its reducer and its windows: run the kernel, and record the
// way back.
#pragma once

#include <functional>
#include <string_view>

#include "core/autograd/variable.h"
#include "core/kernels/pool.h"

namespace weir {

struct PoolRun {
  Variable y;
  Tensor notes;  // as PoolKept has them; undefined where nobody asked for them
};

struct PoolRunOptions {
  bool keep_notes = false;  // also when nothing is recorded
  // Called in the backward pass with dy, for gradients of other things than x.
  std::function<void(const Tensor& dy)> others = nullptr;
};

// Errors of the backward pass begin with `operation`.
PoolRun run_pool(std::string_view operation, const kernels::PoolOp& op,
                 kernels::PoolGeometry geometry, const Variable& x,
                 const PoolRunOptions& options = {});

}  // namespace weir
