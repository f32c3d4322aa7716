// Numbers of channels, laid out for lanes: a panel has them once in each of its rows.
#pragma once

#include "core/tensor/tensor.h"

namespace weir::kernels {

// Rows to repeat the numbers for: enough lanes for long runs of whole registers, yet so few that
// all numbers stay in the innermost cache. It divides the rows of a panel.
inline int repeated_rows(const Tensor& images) {
  constexpr int kLongRun = 256, kRegister = 16;
  int rows = 1;
  while (rows < images.block() &&
         (rows * images.c() < kLongRun || rows * images.c() % kRegister != 0)) {
    rows *= 2;
  }
  return images.block() % rows == 0 ? rows : images.block();
}

}  // namespace weir::kernels
