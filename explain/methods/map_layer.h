// The layer whose maps an explanation looks at.
#pragma once

#include <string>

#include "explain/methods/placed_layer.h"

namespace weir {

// Its number in the list. With an empty name: the last map before the head, which is the output of
// the last convolution, or of the activation, normalisation and pooling behind it as far as they
// leave a map. Behind it stands global pooling or what flattens. Throws kUsage for a name that is
// no layer (with the nearest one) or whose layer gives no map, and, without a name, for a network
// without a convolution before its head.
size_t find_map_layer(const std::vector<PlacedLayer>& layers, const std::string& name);

}  // namespace weir
