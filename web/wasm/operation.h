// What the page pools with: a map in, a smaller map out, and the gradient back. Maps are row-major,
// `lanes` numbers at each pixel.
#pragma once

#include <cstdint>
#include <vector>

#include "core/kernels/pool/geometry.h"

namespace weir::web {

class Operation {
 public:
  virtual ~Operation() = default;

  // Of the windows over the map with its border.
  virtual const kernels::PoolGeometry& geometry() const = 0;
  virtual int lanes() const = 0;
  // x must stay as it is until the last backward(). uniform: a number from 0 to below 1 for each
  // output, read by what draws.
  virtual void forward(const float* x, const float* uniform) = 0;
  virtual const std::vector<float>& output() const = 0;
  // dx of the map without its border.
  virtual void backward(const float* dy, float* dx) = 0;

  // y * W + x of the input that won output number `at`; -1: no single one.
  virtual int winner(int64_t) const { return -1; }
  // Cells of the border that is mirrored, in front of the map and behind it.
  virtual int border_before() const { return 0; }
  virtual int border_after() const { return 0; }
  // Which position of the map is copied to one of the map with its border.
  virtual int row_source(int row) const { return row; }
  virtual int column_source(int column) const { return column; }
};

}  // namespace weir::web
