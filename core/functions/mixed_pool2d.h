// Mixtures of max and average pooling. x is images of F32 or BF16.
#pragma once

#include "core/autograd/variable.h"
#include "core/functions/pool_window.h"
#include "core/kernels/uniform.h"

namespace weir {

// What shares one number.
enum class MixedPer { kLayer, kChannel, kRegion };

// y = a max + (1 - a) average, with a learnable `share` a of shape (1) or (C). Lee, Gallagher, Tu,
// AISTATS 2016 (arXiv:1509.08985). The average counts the cells inside the image.
Variable mixed_pool2d(const Variable& x, const Variable& share, const PoolWindow& window);

// Training: a is 0 or 1 by a fair coin, one for the layer, for each channel, or for each output.
// Yu, Wang, Chen, Wei, RSKT 2014.
Variable random_mixed_pool2d(const Variable& x, MixedPer per, const kernels::UniformStream& stream,
                             const PoolWindow& window);

// y = g max + (1 - g) average, g = sigmoid(sum_k w_k x_k) over the window: `weight` has shape
// (1, KH, KW), or (C, KH, KW) with a filter of its own for each channel. Lee, Gallagher, Tu, as
// above ("gated", which they call responsive). Cells outside the image count as zero for g.
Variable gated_pool2d(const Variable& x, const Variable& weight, const PoolWindow& window);

}  // namespace weir
