// Padding by reflection, as torch.nn.ReflectionPad2d.
#pragma once

#include "core/autograd/variable.h"

namespace weir {

// Pixels added on each side, in PyTorch's order; each below the size that it mirrors.
struct ReflectionPad2dOptions {
  int left = 0, right = 0, top = 0, bottom = 0;
};

// The map goes on behind its edges as in a mirror that stands on the outermost pixels: a b c d with
// 2 on both sides becomes c b a b c d c b. The gradient of a pixel is the sum over its copies.
// Throws kUsage for negative padding, or padding that is not below the size of the map.
Variable reflection_pad2d(const Variable& x, const ReflectionPad2dOptions& padding);

}  // namespace weir
