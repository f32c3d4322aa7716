// Pooling of a map that is still being written: each row of y as soon as the rows of x are there
// that it looks at, by the thread that wrote the last of them and has it in its cache.
#pragma once

#include <atomic>
#include <vector>

#include "core/kernels/pool.h"

namespace weir::kernels {

class RowPooling {
 public:
  // Writes y, and the notes if they are defined. All must outlive it.
  RowPooling(const PoolOp& op, const PoolGeometry& geometry, const Tensor& x, Tensor& y,
             Tensor& notes);
  // The pixels (row, columns) of block nb of x are written. From any thread, for every pixel once;
  // after the last of all, y is complete.
  void operator()(int nb, int row, Range columns);

 private:
  const PoolOp& op_;
  const PoolGeometry& geometry_;
  const Tensor& x_;
  Tensor &y_, &notes_;
  std::vector<std::atomic<int>> missing_;  // pixels that each row of y waits for
};

}  // namespace weir::kernels
