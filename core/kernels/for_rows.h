// The usual pieces of work on images.
#pragma once

#include <cstdint>

#include "core/runtime/parallel.h"
#include "core/tensor/tensor.h"

namespace weir::kernels {

// Calls body(block, row) for every row of pixels of every block of `images`, in parallel.
template <class Body>
void for_rows(const Tensor& images, Body body) {
  const int rows = images.h();
  parallel_for(int64_t{images.blocks()} * rows, [&](int64_t item) {
    body(static_cast<int>(item / rows), static_cast<int>(item % rows));
  });
}

}  // namespace weir::kernels
