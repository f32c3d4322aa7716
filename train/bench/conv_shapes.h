// The convolution that a layer computes.
#pragma once

#include <optional>

#include "core/kernels/conv/conv_shape.h"
#include "layers/layer.h"

namespace weir {

// Of Conv2d and Linear, for inputs of this shape; none for other layers. A linear layer is a
// convolution whose kernel is the map.
std::optional<kernels::ConvShape> conv_shape_of(Layer& layer, const FeatureShape& in);

}  // namespace weir
