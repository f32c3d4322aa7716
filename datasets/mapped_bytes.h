// Pictures whose values are a function of stored bytes, for who can read the bytes faster than
// NormalizedImages::row().
#pragma once

#include <cstdint>
#include <span>

#include "datasets/byte_map.h"

namespace weir {

struct MappedBytes {
  std::span<const uint8_t> pixels;  // row-major (count, channels, height, width)
  std::span<const ByteMap> maps;    // one for each channel, or for each picture
  bool per_picture = false;

  const ByteMap& map(int image, int channel) const {
    return maps[static_cast<size_t>(per_picture ? image : channel)];
  }
};

}  // namespace weir
