// The gradient of a class's score, by the network's own backward pass.
#pragma once

#include <span>

#include "layers/layer_watch.h"
#include "layers/sequential.h"

namespace weir {

struct ClassGradient {
  Tensor images;    // of the pictures, (N, C, H, W) F32
  LayerPass layer;  // of what entered the layer
};

// Runs the network in evaluation mode and differentiates the logit of each image's class. `layer`
// is the one to watch; null: none. Parameters keep the gradients that they had.
ClassGradient class_gradient(Sequential& network, const Tensor& images,
                             std::span<const int> classes, const Layer* layer);

}  // namespace weir
