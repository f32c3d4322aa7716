// Changes the size of pictures.
#pragma once

#include <string>

#include "datasets/image_io.h"

namespace weir {

enum class ResizeMethod {
  kArea,      // every new pixel is the mean of the area it covers; bilinear where it enlarges
  kBilinear,  // between the four pixels around the new one's centre, as PyTorch without antialias
  kNearest,   // the pixel under the new one's centre
};

// Throws kUsage with the nearest name.
ResizeMethod resize_method(const std::string& name);

// width and height need not keep the proportions; both must be at least 1.
Picture resize(const Picture& picture, int width, int height, ResizeMethod method);

}  // namespace weir
