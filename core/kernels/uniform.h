// Random numbers for every element of images.
#pragma once

#include <cstdint>

#include "core/tensor/tensor.h"

namespace weir::kernels {

// Which numbers: of one layer in one training step.
struct UniformStream {
  uint64_t seed = 0;
  uint32_t step = 0;
  uint32_t layer = 0;  // below 2^24
};

// Fills F32 images with numbers from 0 to below 1, multiples of 2^-24. The number of an element
// depends on the stream, the image in the batch, the pixel and the channel alone.
void fill_uniform(const UniformStream& stream, Tensor& images);

}  // namespace weir::kernels
