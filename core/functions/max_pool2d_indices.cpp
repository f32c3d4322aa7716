#include "core/functions/max_pool2d_indices.h"

#include <string_view>

#include "core/functions/run_pool.h"
#include "core/kernels/pool/winner_index.h"

namespace weir {
namespace {

using kernels::PoolGeometry;

const kernels::PoolOp kMax{.kind = kernels::PoolKind::kMax};

MaxPooled max_with_indices(std::string_view operation, const PoolGeometry& geometry,
                           const Variable& x) {
  const PoolRun run = run_pool(operation, kMax, geometry, x, {.keep_notes = true});
  return {run.y, kernels::winner_index(geometry, run.notes)};
}

}  // namespace

MaxPooled max_pool2d_with_indices(const Variable& x, const MaxPool2dOptions& options) {
  return max_with_indices("max_pool2d", geometry_of("max_pool2d", options, x), x);
}

Variable adaptive_max_pool2d(const Variable& x, std::array<int, 2> output_size) {
  const PoolGeometry geometry = adaptive_geometry_of("adaptive_max_pool2d", output_size, x);
  return run_pool("adaptive_max_pool2d", kMax, geometry, x).y;
}

MaxPooled adaptive_max_pool2d_with_indices(const Variable& x, std::array<int, 2> output_size) {
  const PoolGeometry geometry = adaptive_geometry_of("adaptive_max_pool2d", output_size, x);
  return max_with_indices("adaptive_max_pool2d", geometry, x);
}

}  // namespace weir
