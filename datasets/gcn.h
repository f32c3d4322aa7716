// Global contrast normalisation of one picture, as pylearn2 and neon do it for CIFAR-10
// (Goodfellow et al., "Maxout networks", ICML 2013): subtract the mean over all pixels and
// channels, then give what is left the Euclidean length `scale`.
#pragma once

#include <cstdint>
#include <span>

namespace weir {

// normalised value = (byte - shift) * scale, with byte in 0..255.
struct ByteMap {
  float shift = 0, scale = 1;
};

// The map of this picture: (x - mean) * scale / max(||x - mean||, min_divisor). A picture of one
// colour value becomes exactly zero.
ByteMap gcn_map(std::span<const uint8_t> picture, float scale, float min_divisor);

}  // namespace weir
