// Global contrast normalisation of one picture, as pylearn2 and neon do it for CIFAR-10
// (Goodfellow et al., "Maxout networks", ICML 2013): subtract the mean over all pixels and
// channels, then give what is left the Euclidean length `scale`.
#pragma once

#include <cstdint>
#include <span>

#include "datasets/byte_map.h"

namespace weir {

// The map of this picture: (x - mean) * scale / max(||x - mean||, min_divisor), x in 0..255. A
// picture of one value becomes exactly zero.
ByteMap gcn_map(std::span<const uint8_t> picture, float scale, float min_divisor);

}  // namespace weir
