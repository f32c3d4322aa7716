// The gradient of a class's score with respect to the picture. Simonyan, Vedaldi, Zisserman, "Deep
// inside convolutional networks: visualising image classification models and saliency maps", ICLR
// 2014 workshop (arXiv:1312.6034).
#pragma once

#include <span>
#include <vector>

#include "explain/heat_map.h"
#include "layers/sequential.h"

namespace weir {

// M_c (y, x) = max over the picture's channels of |d s_c / d x|, with s_c the logit of class c and
// x the normalised picture. images (N, C, H, W), normalised; one class and one map (H, W) for each.
// For any network.
std::vector<HeatMap> saliency(Sequential& network, const Tensor& images,
                              std::span<const int> classes);

// The largest absolute value over the channels of one image; values row-major (channels, height,
// width).
HeatMap largest_over_channels(std::span<const float> values, int height, int width);

}  // namespace weir
