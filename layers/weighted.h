// The layers that carry most of what a network has learnt.
#pragma once

#include "layers/conv2d.h"
#include "layers/conv_transpose2d.h"
#include "layers/linear.h"

namespace weir {

// A layer that multiplies by a matrix of weights.
inline bool is_weighted(const Layer& layer) {
  return dynamic_cast<const Conv2d*>(&layer) || dynamic_cast<const Linear*>(&layer) ||
         dynamic_cast<const ConvTranspose2d*>(&layer);
}

}  // namespace weir
