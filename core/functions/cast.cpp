#include "core/functions/cast.h"

#include "core/base/error.h"
#include "core/kernels/cast.h"

namespace weir {
Variable cast(const Variable& x, DType type) {
  require(x.defined() && is_floating(x.value().dtype()), "[cast] x: expected F32 or BF16, got {}",
          x.defined() ? name_of(x.value().dtype()) : "nothing");
  require(is_floating(type), "[cast] expected F32 or BF16 to convert to, got {}", name_of(type));
  const DType before = x.value().dtype();
  if (before == type) return x;
  const bool recording = records({&x});
  Variable y(kernels::stored_as(x.value(), type), recording);
  if (recording) {
    Tape::active()->record("cast", y, [input = x.without_value(), before](const Tensor& dy) {
      input.accumulate_grad(kernels::stored_as(dy, before));
    });
  }
  return y;
}

}  // namespace weir
