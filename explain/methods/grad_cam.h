// Grad-CAM. Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra, "Grad-CAM: visual explanations from
// deep networks via gradient-based localization", ICCV 2017 (arXiv:1610.02391).
//
// With A_k (y, x) the maps of a layer and s_c the logit of class c,
//   a_ck = mean over y, x of d s_c / d A_k (y, x)      L_c = ReLU( sum_k a_ck A_k )
// On a network with global average pooling and one linear layer, a_ck is w_ck / (h w) at the last
// maps: there the sum is the class activation map divided by its number of cells.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "explain/heat_map.h"
#include "layers/sequential.h"

namespace weir {

struct GradCamOptions {
  std::string layer;    // "": the last maps before the head (explain/methods/map_layer.h)
  bool rectify = true;  // the ReLU of the formula
};

// images (N, C, H, W), normalised; one class and one map for each. Throws kUsage for a layer
// without a map.
std::vector<HeatMap> grad_cam(Sequential& network, const Tensor& images,
                              std::span<const int> classes, const GradCamOptions& options = {});

// (channels, height, width), row-major, of one image: a_ck A_k (y, x) before it is summed.
struct WeightedMaps {
  int channels = 0, height = 0, width = 0;
  std::vector<float> values;
};
std::vector<WeightedMaps> weighted_maps(Sequential& network, const Tensor& images,
                                        std::span<const int> classes, const std::string& layer);

}  // namespace weir
