// Arithmetic over all stored elements of a tensor of floats, the padded rows of images included.
#pragma once

#include "core/tensor/tensor.h"

namespace weir::kernels {

// Elements per piece of parallel work: 64 KiB of floats, long enough to hide the scheduling of a
// piece (about a microsecond), short enough to share out small tensors.
constexpr int64_t kElementGrain = 16384;

// into += from. Both are F32 or both BF16, in the same shape and layout.
void add_in_place(Tensor& into, const Tensor& from);
void scale_in_place(Tensor& tensor, float factor);
// In double; the order of summation is fixed, whatever the number of threads.
double sum_of_squares(const Tensor& tensor);
// Neither NaN nor infinity.
bool all_finite(const Tensor& tensor);

}  // namespace weir::kernels
