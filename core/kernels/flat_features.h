// Between maps and one row of features for each image, in PyTorch's flatten order: c, then y, then
// x. Values are moved, not computed.
#pragma once

#include "core/tensor/tensor.h"

namespace weir::kernels {

// map: images (N, C, H, W); features: images (N, F, 1, 1) with first + C*H*W <= F, in the same
// storage. put writes features [first, first + C*H*W) of every image; take reads them into all of
// the map.
void put_features(const Tensor& map, int first, Tensor& features);
void take_features(const Tensor& features, int first, Tensor& map);

}  // namespace weir::kernels
