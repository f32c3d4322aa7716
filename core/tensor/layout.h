// Between image blocks and the row-major NCHW order of files and other libraries.
#pragma once

#include <vector>

#include "core/tensor/tensor.h"

namespace weir {

// `values`: n*c*h*w floats, row-major NCHW. The padded rows become zero.
Tensor images_from_nchw(const float* values, int n, int c, int h, int w);

// Row-major NCHW as floats, from images of F32 or BF16, without the padded rows.
std::vector<float> nchw_from_images(const Tensor& images);

// Sets the rows after the last image to zero (see Tensor). F32 or BF16.
void clear_padded_rows(Tensor& images);

}  // namespace weir
