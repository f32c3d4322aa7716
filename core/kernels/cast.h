// Conversion between the types that numbers are stored as.
#pragma once

#include <cstdint>

#include "core/tensor/tensor.h"

namespace weir::kernels {

// to = from, over all stored elements. Both are F32 or BF16, of one shape and layout. F32 to BF16
// rounds to the nearest (core/tensor/bfloat16.h).
void cast(const Tensor& from, Tensor& to);

// The same for the stored elements [begin, end) alone, on this thread.
void cast(const Tensor& from, Tensor& to, int64_t begin, int64_t end);

// `tensor` itself where it is stored as `type` already, or else a copy that is.
Tensor stored_as(const Tensor& tensor, DType type);

}  // namespace weir::kernels
