#include "core/functions/pool2d.h"

#include "core/base/error.h"
#include "core/functions/run_pool.h"

namespace weir {

using kernels::PoolKind;
using kernels::PoolOp;

Variable max_pool2d(const Variable& x, const MaxPool2dOptions& options) {
  const PoolOp op{.kind = PoolKind::kMax};
  return run_pool("max_pool2d", op, geometry_of("max_pool2d", options, x), x).y;
}

Variable avg_pool2d(const Variable& x, const AvgPool2dOptions& options) {
  require(options.divisor_override.value_or(1) > 0,
          "[avg_pool2d] divisor_override: expected at least 1, got {}",
          options.divisor_override.value_or(1));
  const PoolOp op{.kind = PoolKind::kAvg,
                  .count_include_pad = options.count_include_pad,
                  .divisor = options.divisor_override.value_or(0)};
  return run_pool("avg_pool2d", op, geometry_of("avg_pool2d", options.window(), x), x).y;
}

Variable adaptive_avg_pool2d(const Variable& x, std::array<int, 2> output_size) {
  const PoolOp op{.kind = PoolKind::kAvg};
  return run_pool("adaptive_avg_pool2d", op,
                  adaptive_geometry_of("adaptive_avg_pool2d", output_size, x), x)
      .y;
}

}  // namespace weir
