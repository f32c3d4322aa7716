// Where the windows of fractional max pooling begin and end: integers only.
//
// Graham, "Fractional max-pooling", 2014, arXiv:1412.6071. PyTorch draws one number u for each
// image, channel and axis, and the windows follow from it.
#pragma once

#include <cstdint>

#include "core/kernels/uniform_stream.h"

namespace weir::kernels {

enum class FractionalRegions : uint8_t {
  kFixed,        // PyTorch's: windows of kernel_size, which may overlap or leave gaps
  kDisjoint,     // Graham's: 1 or 2 pixels, which tile the map
  kOverlapping,  // Graham's: 2 or 3 pixels; each shares its last one with the next
};
enum class FractionalSequence : uint8_t {
  kPseudorandom,  // edge i is ceil(alpha * (i + u)): evenly spread
  kRandom,        // the steps of 1 and 2, shuffled
};

// One direction. kFixed asks for out + kernel - 1 <= in, the others for out < in < 2 * out; they do
// not read the kernel.
struct FractionalSize {
  int in = 1, out = 1, kernel = 2;
  constexpr bool suits(FractionalRegions regions) const {
    if (out < 1) return false;
    if (regions == FractionalRegions::kFixed) return kernel > 0 && out <= in - kernel + 1;
    return out < in && in < 2 * out;
  }
};

// What decides over the regions of one image and channel, along one axis.
struct FractionalDraw {
  float u = 0;        // in [0, 1)
  uint64_t seed = 0;  // of the shuffle, for kRandom
};

// The numbers of one image and channel.
struct FractionalDraws {
  FractionalDraw y, x;
};
FractionalDraws draws_of(const UniformStream& stream, uint32_t image, uint32_t channel);

// Window i holds the inputs from edge i to edge i + next, the latter moved by `reach`.
struct FractionalReach {
  int next, reach;
};
constexpr FractionalReach reach_of(FractionalRegions regions, int kernel) {
  if (regions == FractionalRegions::kFixed) return {.next = 0, .reach = kernel};
  return {.next = 1, .reach = regions == FractionalRegions::kDisjoint ? 0 : 1};
}

// Edge i of these windows, in increasing order: out of them for kFixed, else out + 1. Writes edge i
// to edges[i * stride].
void draw_edges(const FractionalSize& size, FractionalRegions regions, FractionalSequence sequence,
                const FractionalDraw& draw, int32_t* edges, int stride);

}  // namespace weir::kernels
