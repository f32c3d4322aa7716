// Which outputs are written past the caches (core/kernels/stream-inl.h).
#pragma once

#include "core/tensor/tensor.h"

namespace weir::kernels {

// Where a pass moves more than caches hold: there, the lines of `written` would be read only to be
// overwritten, and be gone again before anybody wants them. Its panels are whole lines, too.
inline bool goes_past_caches(const Tensor& read, const Tensor& written) {
  constexpr size_t kCaches = 16 << 20, kLine = 64;
  const size_t panel = static_cast<size_t>(written.panel_size()) * size_of(written.dtype());
  return read.bytes() + written.bytes() > kCaches && panel % kLine == 0;
}

}  // namespace weir::kernels
