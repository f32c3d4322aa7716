// From a byte to a float.
#pragma once

#include <cstdint>

namespace weir {

struct ByteMap {
  float shift = 0, scale = 1;
  float operator()(uint8_t byte) const { return (byte - shift) * scale; }
};

}  // namespace weir
