#include "core/functions/dropout.h"

#include "core/base/error.h"
#include "core/functions/in_place.h"
#include "core/functions/require_images.h"
#include "core/kernels/dropout.h"

namespace weir {

Variable dropout(const Variable& x, const DropoutOptions& options) {
  require_images("dropout", x);
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
      Tensor dx = in_place_or_new(dy);
      kernels::dropout_apply(stream, dy, dx);
      input.accumulate_grad(dx);
    });
  }
  return y;
}

}  // namespace weir
