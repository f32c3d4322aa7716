// What the loops over values get: pointers into one block of images. Plain data, no allocation.
#pragma once

#include <cstdint>

namespace weir::kernels {

// How many inputs a window holds.
struct PoolCount {
  int inside = 0;  // inside the image
  int padded = 0;  // with the padding, by PyTorch's rule for average pooling
};

// One block of images, stored as T. Pixel (y, x) starts at (y * width + x) * panel.
template <class T>
struct PoolBlock {
  int64_t panel = 0;  // lanes: B * C
  const T* x = nullptr;
  T* y = nullptr;
  uint8_t* winners = nullptr;       // with up to 256 taps
  int32_t* winners_wide = nullptr;  // with more
  const T* dy = nullptr;
  T* dx = nullptr;
};

// A piece of work: some lanes of one row, an output row forward and an input row backward.
struct PoolPiece {
  int row = 0;
  int64_t lane_begin = 0, lane_end = 0;
};

}  // namespace weir::kernels
