#include "core/functions/stochastic_pool2d.h"

#include "core/base/error.h"
#include "core/functions/run_pool.h"
#include "core/functions/soft_pool2d.h"

namespace weir {

using kernels::PoolGeometry;
using kernels::PoolKind;
using kernels::PoolOp;

Variable stochastic_pool2d(const Variable& x, const StochasticPool2dOptions& options,
                           const RandomStream& stream) {
  const PoolGeometry geometry = geometry_of("stochastic_pool2d", options.window, x);
  Tensor uniform = Tensor::images(x.value().n(), x.value().c(), geometry.y.out(), geometry.x.out());
  kernels::fill_uniform(stream, uniform);
  return stochastic_pool2d(x, options, uniform);
}

Variable stochastic_pool2d(const Variable& x, const StochasticPool2dOptions& options,
                           const Tensor& uniform) {
  const PoolGeometry geometry = geometry_of("stochastic_pool2d", options.window, x);
  const Tensor& in = x.value();
  const Shape expected{in.n(), in.c(), geometry.y.out(), geometry.x.out()};
  require(uniform.defined() && uniform.is_images() && uniform.dtype() == DType::kF32 &&
              uniform.shape() == expected,
          "[stochastic_pool2d] uniform: expected F32 images of the output's shape {}, got {}",
          expected.str(), uniform.defined() ? uniform.shape().str() : "nothing");
  const PoolOp op{.kind = PoolKind::kStochastic,
                  .softmax = options.odds == StochasticOdds::kSoftmax,
                  .uniform = uniform};
  return run_pool("stochastic_pool2d", op, geometry, x).y;
}

Variable stochastic_mean_pool2d(const Variable& x, const StochasticPool2dOptions& options) {
  if (options.odds == StochasticOdds::kSoftmax) return soft_pool2d(x, {.window = options.window});
  const PoolGeometry geometry = geometry_of("stochastic_pool2d", options.window, x);
  return run_pool("stochastic_pool2d", {.kind = PoolKind::kStochasticMean}, geometry, x).y;
}

}  // namespace weir
