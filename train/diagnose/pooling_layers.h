// The pooling layers of a network, and where each of them stands.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "layers/sequential.h"

namespace weir {

struct PoolingLayer {
  std::string path;          // "features.3"
  const Layer* layer;        // owned by the network
  FeatureShape in, out;      // of one image
  Window2d window;           // Layer::window() on `in`
  int64_t pixels_apart = 1;  // neighbouring outputs of a row, in pixels of the image
};

// In order of execution: the layers whose kind says so, as PyTorch names them: "MaxPool2d",
// "LPPool2d", "MaxBlurPool2d". Unpooling and space to depth are none. `input` is one image's shape.
std::vector<PoolingLayer> pooling_layers(const Sequential& network, const FeatureShape& input);

// The kind names a maximum over the window and nothing else, so that there is an argmax to look
// for.
bool takes_maximum(const Layer& layer);

}  // namespace weir
