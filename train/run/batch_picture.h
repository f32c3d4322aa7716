// A training batch as the network sees it, as a picture for people.
#pragma once

#include "core/tensor/tensor.h"
#include "datasets/image_io.h"

namespace weir {

// The first pictures of the batch (N, C, H, W) in rows of eight, 64 at most, enlarged twice. Each
// is stretched so that its smallest value is black and its largest white. Channels beyond three are
// left out; one or two give grey.
Picture picture_of_batch(const Tensor& images);

}  // namespace weir
