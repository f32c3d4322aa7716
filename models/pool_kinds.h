// The pooling layers that a list can name, beside PyTorch's in models/layer_kinds.cpp.
#pragma once

#include <vector>

#include "models/layer_kinds.h"

namespace weir {

const std::vector<LayerKind>& pool_kinds();

}  // namespace weir
