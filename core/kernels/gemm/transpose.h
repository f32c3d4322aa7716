// Transposition of a matrix of floats: between panels, whose rows are images, and rows whose lanes
// are images.
#pragma once

#include <cstdint>

namespace weir::kernels {

struct Transposition {
  int64_t rows = 0, columns = 0;     // of the source
  int64_t from_row = 0, to_row = 0;  // floats from one row to the next, on either side
};

// to[c * to_row + r] = from[r * from_row + c]. The two may not overlap.
void transpose(const Transposition& shape, const float* from, float* to);

}  // namespace weir::kernels
