// The deconvnet: what in the picture one activation comes from. Zeiler, Fergus, "Visualizing and
// understanding convolutional networks", ECCV 2014 (arXiv:1311.2901), section 2.1.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "explain/heat_map.h"
#include "layers/sequential.h"

namespace weir {

// Goes back from a layer to the picture: max pooling is undone through the places of its maxima
// (max_unpool2d), a ReLU rectifies what comes back, and a convolution gives way to its transposed
// filters, without bias. As in the paper, one activation is sent back and all others are 0: the one
// that speaks most for the class, which is the largest a_ck A_k (y, x) of Grad-CAM at the layer.
// Where none behind a ReLU speaks for it, that is 0, and nothing comes back.
struct Deconvolved {
  int channels = 0, height = 0, width = 0;
  std::vector<float> pattern;  // row-major (channels, height, width), in normalised pixels
  HeatMap map;                 // largest absolute value over the channels
};

// images (N, C, H, W), normalised; one class and one result for each. `layer` as in Grad-CAM.
// For networks that up to the layer are made of Conv2d without groups, ReLU, MaxPool2d and Dropout
// (which does nothing here); computed in fp32. Throws kUsage for any other layer, by its name and
// with the methods that can explain the network.
std::vector<Deconvolved> deconvnet(Sequential& network, const Tensor& images,
                                   std::span<const int> classes, const std::string& layer = "");

}  // namespace weir
