#include "core/functions/max_pool2d_indices.h"

#include <string_view>

#include "core/base/error.h"
#include "core/functions/require_images.h"
#include "core/functions/run_pool.h"
#include "core/kernels/pool/winner_index.h"

namespace weir {
namespace {

using kernels::PoolAxis;
using kernels::PoolGeometry;
using kernels::PoolKind;

PoolGeometry adaptive_geometry(std::string_view operation, const Variable& x,
                               std::array<int, 2> output_size) {
  require_images(operation, x);
  require(output_size[0] > 0 && output_size[1] > 0,
          "[{}] output_size: expected at least 1, got ({}, {})", operation, output_size[0],
          output_size[1]);
  return PoolGeometry(PoolAxis::adaptive(x.value().h(), output_size[0]),
                      PoolAxis::adaptive(x.value().w(), output_size[1]));
}

MaxPooled max_with_indices(std::string_view operation, const PoolGeometry& geometry,
                           const Variable& x) {
  const PoolRun run = run_pool(operation, {.kind = PoolKind::kMax}, geometry, x, true);
  return {run.y, kernels::winner_index(geometry, run.winners)};
}

}  // namespace

MaxPooled max_pool2d_with_indices(const Variable& x, const MaxPool2dOptions& options) {
  require_images("max_pool2d", x);
  const Window2d window = window_of(options, x.value().h(), x.value().w());
  return max_with_indices("max_pool2d", PoolGeometry(window), x);
}

Variable adaptive_max_pool2d(const Variable& x, std::array<int, 2> output_size) {
  const PoolGeometry geometry = adaptive_geometry("adaptive_max_pool2d", x, output_size);
  return run_pool("adaptive_max_pool2d", {.kind = PoolKind::kMax}, geometry, x).y;
}

MaxPooled adaptive_max_pool2d_with_indices(const Variable& x, std::array<int, 2> output_size) {
  const PoolGeometry geometry = adaptive_geometry("adaptive_max_pool2d", x, output_size);
  return max_with_indices("adaptive_max_pool2d", geometry, x);
}

}  // namespace weir
