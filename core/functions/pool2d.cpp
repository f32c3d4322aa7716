#include "core/functions/pool2d.h"

#include <string_view>

#include "core/base/error.h"
#include "core/functions/pooling.h"
#include "core/functions/require_images.h"
#include "core/functions/run_pool.h"

namespace weir {

using kernels::PoolGeometry;
using kernels::PoolKind;
using kernels::PoolOp;

Pooling pooling_of(const MaxPool2dOptions& options, int h, int w) {
  constexpr std::string_view kName = "max_pool2d";
  return {kName, {.kind = PoolKind::kMax}, PoolGeometry(window_of(kName, options, h, w))};
}

Pooling pooling_of(const AvgPool2dOptions& options, int h, int w) {
  constexpr std::string_view kName = "avg_pool2d";
  require(options.divisor_override.value_or(1) > 0,
          "[{}] divisor_override: expected at least 1, got {}", kName,
          options.divisor_override.value_or(1));
  return {kName,
          {.kind = PoolKind::kAvg,
           .count_include_pad = options.count_include_pad,
           .divisor = options.divisor_override.value_or(0)},
          PoolGeometry(window_of(kName, options.window(), h, w))};
}

Pooling pooling_of(const Pool2dOptions& options, int h, int w) {
  return std::visit([&](const auto& kind) { return pooling_of(kind, h, w); }, options);
}

Variable max_pool2d(const Variable& x, const MaxPool2dOptions& options) {
  require_images("max_pool2d", x);
  const auto [name, op, geometry] = pooling_of(options, x.value().h(), x.value().w());
  return run_pool(name, op, geometry, x).y;
}

Variable avg_pool2d(const Variable& x, const AvgPool2dOptions& options) {
  require_images("avg_pool2d", x);
  const auto [name, op, geometry] = pooling_of(options, x.value().h(), x.value().w());
  return run_pool(name, op, geometry, x).y;
}

Variable mean_pool2d(std::string_view operation, const Variable& x, const PoolWindow& window) {
  const PoolOp op{.kind = PoolKind::kAvg, .count_include_pad = false};
  return run_pool(operation, op, geometry_of(operation, window, x), x).y;
}

Variable adaptive_avg_pool2d(const Variable& x, std::array<int, 2> output_size) {
  const PoolOp op{.kind = PoolKind::kAvg};
  return run_pool("adaptive_avg_pool2d", op,
                  adaptive_geometry_of("adaptive_avg_pool2d", output_size, x), x)
      .y;
}

}  // namespace weir
