#include "core/functions/dropout.h"

#include "core/base/error.h"
#include "core/kernels/dropout.h"

namespace weir {

Variable dropout(const Variable& x, const DropoutOptions& options) {
  require(x.defined() && x.value().is_images() && x.value().dtype() == DType::kF32,
          "[dropout] x: expected float images (N, C, H, W), got {}",
          x.defined() ? x.value().shape().str() : "nothing");
  require(options.p >= 0 && options.p < 1, "[dropout] p: expected at least 0 and below 1, got {}",
          options.p);
  require(options.layer < 1u << 24, "[dropout] layer: expected below 2^24, got {}", options.layer);
  if (options.p == 0) return x;
  const kernels::DropoutStream stream{
      .p = options.p, .seed = options.seed, .step = options.step, .layer = options.layer};
  const bool recording = records({&x});
  Variable y(Tensor::like(x.value()), recording);
  kernels::dropout_apply(stream, x.value(), y.value());
  if (recording) {
    const Variable input = x.without_value();
    Tape::active()->record("dropout", y, [input, stream](const Tensor& dy) {
      Tensor dx = Tensor::like(dy);
      kernels::dropout_apply(stream, dy, dx);
      input.accumulate_grad(dx);
    });
  }
  return y;
}

}  // namespace weir
