// What the loops over values get: pointers into one block of images. Plain data, no allocation.
#pragma once

#include <cstdint>
#include <limits>

namespace weir::kernels {

// What forward writes down for each output, for backward to read.
enum class PoolNotes : uint8_t {
  kNone,
  kWinner,   // the tap that the gradient goes to, or kNobody
  kNumbers,  // some floats
};

// The winner of a window that sends no gradient back. As a byte it is 255: no tap's number.
constexpr float kNobody = 0x1p24f;

// How many inputs a window holds.
struct PoolCount {
  int inside = 0;  // inside the image
  int padded = 0;  // with the padding, by PyTorch's rule for average pooling
  int whole = 0;   // of the kernel
};

// Taps of a window whose winners fit a byte.
constexpr int kByteTaps = 255;

// One block of images, stored as T. Pixel (y, x) starts at (y * width + x) * panel.
template <class T>
struct PoolBlock {
  int64_t panel = 0;  // lanes: B * C
  const T* x = nullptr;
  T* y = nullptr;
  // Notes: of the three, the one that the reducer and the window's size ask for.
  uint8_t* winners = nullptr;       // up to kByteTaps taps
  int32_t* winners_wide = nullptr;  // more
  float* numbers = nullptr;         // each of the numbers fills a map like y, one behind the other
  const float* uniform = nullptr;   // random numbers below 1, one for each output
  const T* dy = nullptr;
  T* dx = nullptr;
  bool after_relu = false;  // as in PoolOp
  // y, or dx, goes past the caches. It is aligned to 64 bytes then, as are the panels in it.
  bool streams = false;
};

// A piece of work: some lanes of one row, an output row forward and an input row backward.
struct PoolPiece {
  int row = 0;
  int64_t lane_begin = 0, lane_end = 0;
  int column_begin = 0, column_end = std::numeric_limits<int>::max();  // backward: of the row
};

}  // namespace weir::kernels
