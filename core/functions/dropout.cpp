#include "core/functions/dropout.h"

#include "core/base/error.h"
#include "core/functions/in_place.h"
#include "core/functions/require_images.h"
#include "core/kernels/dropout.h"

namespace weir {

void require_sensible(std::string_view operation, const DropoutOptions& options) {
  require(options.p >= 0 && options.p < 1, "[{}] p: expected at least 0 and below 1, got {}",
          operation, options.p);
  require(options.layer < 1u << 24, "[{}] layer: expected below 2^24, got {}", operation,
          options.layer);
}

Variable dropout(const Variable& x, const DropoutOptions& options) {
  require_images("dropout", x);
  require_sensible("dropout", options);
  if (options.p == 0) return x;
  const bool recording = records({&x});
  Variable y(Tensor::like(x.value()), recording);
  kernels::dropout_apply(options, x.value(), y.value());
  if (recording) {
    const Variable input = x.without_value();
    Tape::active()->record("dropout", y, [input, options](const Tensor& dy) {
      Tensor dx = in_place_or_new(dy);
      kernels::dropout_apply(options, dy, dx);
      input.accumulate_grad(dx);
    });
  }
  return y;
}

}  // namespace weir
