// What every pooling function does with its reducer and its windows: run the kernel, and record the
// way back.
#pragma once

#include <string_view>

#include "core/autograd/variable.h"
#include "core/kernels/pool.h"

namespace weir {

struct PoolRun {
  Variable y;
  Tensor winners;  // as PoolKept has them; undefined where nobody asked for them
};

// Errors of the backward pass begin with `operation`. The winners of an operation that has any are
// kept when it is recorded, and also for `keep_winners`.
PoolRun run_pool(std::string_view operation, const kernels::PoolOp& op,
                 kernels::PoolGeometry geometry, const Variable& x, bool keep_winners = false);

}  // namespace weir
