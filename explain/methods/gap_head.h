// The head that class activation maps need: global pooling, then one linear layer or none.
#pragma once

#include "explain/methods/placed_layer.h"

namespace weir {

struct GapHead {
  const Layer* pooling = nullptr;  // what it takes are the last maps
  Layer* linear = nullptr;         // null: there is one map for each class already
};

// Throws kUsage for any other head, with its layers and the methods that can explain the network,
// and for a network without a convolution before its head.
GapHead find_gap_head(const std::vector<PlacedLayer>& layers);

}  // namespace weir
