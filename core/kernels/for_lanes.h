// Pieces of work for scatters: an index may name any pixel of a map, but never another lane.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/runtime/parallel.h"
#include "core/tensor/tensor.h"

namespace weir::kernels {

// Calls body(block, first lane, one behind the last) in parallel. A lane is one channel of one
// image: nobody else writes there, wherever the indices point.
template <class Body>
void for_lane_ranges(const Tensor& images, Body body) {
  constexpr int64_t kPieces = 16, kFewest = 64;  // longer runs of memory against more pieces
  const int64_t panel = images.panel_size();
  const int64_t cuts = std::clamp<int64_t>(kPieces / images.blocks(), 1, (panel - 1) / kFewest + 1);
  parallel_for(images.blocks() * cuts, [&](int64_t item) {
    const int64_t cut = item % cuts;
    body(static_cast<int>(item / cuts), panel * cut / cuts, panel * (cut + 1) / cuts);
  });
}

}  // namespace weir::kernels
