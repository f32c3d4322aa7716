// Pictures for tests: neighbouring pixels alike, as in photographs.
#pragma once

#include <algorithm>

#include "core/runtime/philox.h"
#include "datasets/dataset.h"

namespace weir::testing_support {

inline Images random_images(int count, int channels, int height, int width, int classes = 10) {
  Images images{.channels = channels, .height = height, .width = width};
  for (int i = 0; i < count; ++i) {
    Philox random(5, Purpose::kTest, static_cast<uint32_t>(i));
    images.labels.push_back(static_cast<int>(random.below(static_cast<uint32_t>(classes))));
    int value = 128;
    for (int64_t k = 0; k < images.image_bytes(); ++k) {
      value = std::clamp(value + static_cast<int>(random.below(121)) - 60, 0, 255);
      images.pixels.push_back(static_cast<uint8_t>(value));
    }
  }
  return images;
}

}  // namespace weir::testing_support
