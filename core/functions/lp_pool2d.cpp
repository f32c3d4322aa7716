#include "core/functions/lp_pool2d.h"

#include <cmath>
#include <numeric>
#include <vector>

#include "core/base/error.h"
#include "core/functions/require_images.h"
#include "core/functions/run_pool.h"
#include "core/kernels/batch_norm.h"
#include "core/kernels/pool/chosen_kernel.h"
#include "core/kernels/pool/gaussian.h"

namespace weir {
namespace {

using kernels::LpScale;
using kernels::PoolGeometry;
using kernels::PoolKind;
using kernels::PoolOp;

PoolOp norm_of(const LpPool2dOptions& options) {
  require(options.p > 0 && std::isfinite(options.p),
          "[lp_pool2d] p: expected a number above 0, got {}", options.p);
  require(!options.sigma || *options.sigma > 0,
          "[lp_pool2d] sigma: expected a number above 0, got {}", options.sigma.value_or(0.f));
  PoolOp op{
      .kind = PoolKind::kLp, .p = options.p, .absolute = options.absolute, .floor = options.floor};
  if (options.form == LpForm::kSum) op.scale = LpScale::kSum;
  if (options.form == LpForm::kMean) op.scale = LpScale::kMean;
  if (options.form == LpForm::kGaussian) {
    op.scale = LpScale::kWeighted;
    const auto [rows, columns] = options.window.kernel_size;
    op.weights = kernels::gaussian_weights(rows, columns, options.sigma);
  }
  return op;
}

// sum dy * values.
float inner_product(const Tensor& dy, const Tensor& values) {
  const auto channels = static_cast<size_t>(dy.c());
  const std::vector<float> zeros(channels, 0.f), ones(channels, 1.f);
  const auto sums =
      kernels::channel_gradient_sums(dy, values, {.mean = zeros, .scale = ones, .shift = zeros});
  return static_cast<float>(std::accumulate(sums.second.begin(), sums.second.end(), 0.0));
}

// Adds sum dy * dy/dp, for which dy/dp is a pooling of its own.
void add_slope(const kernels::PoolKernel& kernel, PoolOp op, const PoolGeometry& geometry,
               const Tensor& x, const Tensor& dy, const Variable& p) {
  op.kind = PoolKind::kLpSlope;
  Tensor slope = Tensor::like(dy), none;
  kernel.forward(op, geometry, x, slope, none);
  p.accumulate_grad(Tensor::from({inner_product(dy, slope)}, {1}));
}

}  // namespace

Variable lp_pool2d(const Variable& x, const LpPool2dOptions& options) {
  const PoolGeometry geometry = geometry_of("lp_pool2d", options.window, x);
  return run_pool("lp_pool2d", norm_of(options), geometry, x).y;
}

Variable lp_pool2d(const Variable& x, const Variable& p, const LpPool2dOptions& options) {
  require(p.defined() && p.value().dtype() == DType::kF32 && p.value().shape() == Shape{1},
          "[lp_pool2d] p: expected one number of shape (1), got {}",
          p.defined() ? p.value().shape().str() : "nothing");
  require(options.absolute || options.floor.value_or(-1) >= 0,
          "[lp_pool2d] a learnable p needs inputs that are not negative: expected absolute, or a "
          "floor of at least 0");
  const PoolGeometry geometry = geometry_of("lp_pool2d", options.window, x);
  LpPool2dOptions now = options;
  now.p = p.value().data()[0];
  const PoolOp op = norm_of(now);
  PoolRunOptions run;
  if (p.requires_grad()) {
    const kernels::PoolKernel& kernel = kernels::chosen_pool_kernel();
    run.others = [&kernel, op, geometry, in = x.value(), p](const Tensor& dy) {
      add_slope(kernel, op, geometry, in, dy, p);
    };
  }
  return run_pool("lp_pool2d", op, geometry, x, run).y;
}

}  // namespace weir
