// Spatial pyramid pooling: maxima at several resolutions, as one row of features. The classifier
// behind it takes maps of any size, as behind global pooling, but still sees where things are.
// He, Zhang, Ren, Sun, ECCV 2014, arXiv:1406.4729.
#pragma once

#include <vector>

#include "core/autograd/variable.h"

namespace weir {

// x (N, C, H, W) -> (N, C * sum of levels^2, 1, 1): for each level l the cells of
// adaptive_max_pool2d(x, {l, l}) in PyTorch's flatten order (c, y, x), one level behind the other,
// as torch.cat would. Throws kUsage without levels, or for one below 1.
Variable spatial_pyramid_pool2d(const Variable& x, const std::vector<int>& levels);

}  // namespace weir
