// Which outputs are written past the caches (core/kernels/stream-inl.h).
#pragma once

#include <cstddef>

#include "core/tensor/tensor.h"

namespace weir::kernels {

// Where a pass moves more than caches hold: there, the lines of `written` would be read only to be
// overwritten, and be gone again before anybody wants them. Its panels are whole lines, too.
bool goes_past_caches(const Tensor& read, const Tensor& written);

// Bytes that caches are taken to hold: 16 MiB. Less for trying small maps. The results are the
// same.
size_t cache_capacity();
void set_cache_capacity(size_t bytes);

}  // namespace weir::kernels
