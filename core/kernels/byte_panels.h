// One row of panels from pictures stored as bytes: moved, transposed and mapped to numbers in one
// go. Batches are assembled beside the training step, on the same cores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/tensor/bfloat16.h"

namespace weir::kernels {

// A lane is one channel of one picture: a column of the row of panels. Arrays have one element for
// each lane.
struct ByteLanes {
  explicit ByteLanes(int count)
      : first(static_cast<size_t>(count)),
        reversed(first.size()),
        begin(first.size()),
        end(first.size()),
        shift(first.size()),
        scale(first.size()) {}
  int count() const { return static_cast<int>(first.size()); }

  std::vector<const uint8_t*> first;  // where the byte of x = 0 is
  std::vector<uint8_t> reversed;      // 0: that of x is at first + x; 1: at first - x
  std::vector<int32_t> begin, end;    // zero for x outside [begin, end)
  std::vector<float> shift, scale;    // from a byte to a number
};

// out[x * count + lane] = (byte - shift) * scale, for x in [0, width), rounded to what `out`
// holds. The bytes of all x are read, those outside [begin, end) too.
void panels_from_bytes(const ByteLanes& lanes, int width, float* out);
void panels_from_bytes(const ByteLanes& lanes, int width, bfloat16* out);

}  // namespace weir::kernels
