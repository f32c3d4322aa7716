#include "core/functions/blur_pool2d.h"

#include "core/base/error.h"
#include "core/functions/pool2d.h"
#include "core/functions/reflection_pad2d.h"
#include "core/functions/require_images.h"
#include "core/functions/run_pool.h"
#include "core/kernels/pool/binomial.h"

namespace weir {

Variable blur_pool2d(const Variable& x, const BlurPool2dOptions& options) {
  require_images("blur_pool2d", x);
  const int size = options.filter_size;
  require(size >= 1 && size <= 7, "[blur_pool2d] filter_size: expected 1 to 7, got {}", size);
  const int before = (size - 1) / 2, after = size / 2;
  const Variable padded =
      reflection_pad2d(x, {.left = before, .right = after, .top = before, .bottom = after});
  const PoolWindow window{.kernel_size = {size, size},
                          .stride = {{options.stride, options.stride}}};
  const kernels::PoolOp op{.kind = kernels::PoolKind::kWeighted,
                           .weights = kernels::binomial_filter(size)};
  return run_pool("blur_pool2d", op, geometry_of("blur_pool2d", window, padded), padded).y;
}

Variable max_blur_pool2d(const Variable& x, int kernel_size, const BlurPool2dOptions& options) {
  const PoolWindow dense{.kernel_size = {kernel_size, kernel_size}, .stride = {{1, 1}}};
  return blur_pool2d(max_pool2d(x, dense), options);
}

}  // namespace weir
