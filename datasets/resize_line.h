// One direction of a change of size: which old pixels make a new one.
#pragma once

#include <vector>

#include "datasets/resize.h"

namespace weir {

// A new pixel is the sum of weights[k] * old[first + k].
struct PixelTaps {
  int first = 0;
  std::vector<float> weights;  // they add up to 1
};

// For each of the `to_size` new pixels. Both sizes are at least 1.
std::vector<PixelTaps> resize_line(int from_size, int to_size, ResizeMethod method);

}  // namespace weir
