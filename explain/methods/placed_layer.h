// The layers of a network with the shapes that one picture has there.
#pragma once

#include <string>
#include <vector>

#include "layers/sequential.h"

namespace weir {

struct PlacedLayer {
  std::string path;      // "features.3"
  Layer* layer;          // owned by the network
  FeatureShape in, out;  // of one picture
};

// In order of execution. Throws kUsage when the network does not take pictures of this shape, with
// the layer that refuses, or gives more than one number for each class.
std::vector<PlacedLayer> placed_layers(const Sequential& network, const FeatureShape& input);

// Of one of these images (N, C, H, W).
inline FeatureShape shape_of(const Tensor& images) {
  return {.c = images.c(), .h = images.h(), .w = images.w()};
}

// More than one place: something to draw.
inline bool is_map(const FeatureShape& shape) { return !shape.flat && shape.h * shape.w > 1; }

bool is_convolution(const Layer& layer);

// "classifier.0 Flatten, classifier.1 Linear", from layer `first` on.
std::string listed(const std::vector<PlacedLayer>& layers, size_t first);

}  // namespace weir
