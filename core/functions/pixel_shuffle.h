// Space to depth, and its inverse: a permutation of values, each the other's gradient.
#pragma once

#include "core/autograd/variable.h"

namespace weir {

// x (N, C, H, W) -> (N, C * factor^2, H / factor, W / factor): each square of factor x factor
// pixels becomes channels, c * factor^2 + dy * factor + dx as in PyTorch. Throws kUsage unless
// factor divides height and width. A convolution behind it loses nothing to its stride (Sunkara,
// Luo, ECML PKDD 2022, "No more strided convolutions or pooling").
Variable pixel_unshuffle(const Variable& x, int downscale_factor);

// x (N, C * factor^2, H, W) -> (N, C, H * factor, W * factor). Throws kUsage unless factor^2
// divides the channels. Shi et al., CVPR 2016.
Variable pixel_shuffle(const Variable& x, int upscale_factor);

}  // namespace weir
