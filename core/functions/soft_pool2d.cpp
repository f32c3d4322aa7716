#include "core/functions/soft_pool2d.h"

#include <cmath>

#include "core/base/error.h"
#include "core/functions/run_pool.h"

namespace weir {
namespace {

Variable smooth(std::string_view operation, kernels::PoolKind kind, const Variable& x,
                const SoftPool2dOptions& options) {
  require(options.beta > 0 && std::isfinite(options.beta),
          "[{}] beta: expected a number above 0, got {}", operation, options.beta);
  const kernels::PoolOp op{.kind = kind, .beta = options.beta};
  return run_pool(operation, op, geometry_of(operation, options.window, x), x).y;
}

}  // namespace

Variable log_sum_exp_pool2d(const Variable& x, const SoftPool2dOptions& options) {
  return smooth("log_sum_exp_pool2d", kernels::PoolKind::kLogSumExp, x, options);
}

Variable soft_pool2d(const Variable& x, const SoftPool2dOptions& options) {
  return smooth("soft_pool2d", kernels::PoolKind::kSoft, x, options);
}

}  // namespace weir
