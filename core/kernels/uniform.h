// Random numbers for every element of images.
#pragma once

#include "core/kernels/uniform_stream.h"
#include "core/tensor/tensor.h"

namespace weir::kernels {

// Fills F32 images with numbers from 0 to below 1, multiples of 2^-24. The number of an element
// depends on the stream, the image in the batch, the pixel and the channel alone.
void fill_uniform(const UniformStream& stream, Tensor& images);

}  // namespace weir::kernels
