// Runs an update over the elements of a tensor on all threads.
#pragma once

#include "core/kernels/elementwise.h"
#include "core/runtime/parallel.h"

namespace weir {

// body(begin, end) over ranges of [0, count); small tensors stay on the calling thread.
template <class Body>
void update_elements(int64_t count, const Body& body) {
  if (count <= kernels::kElementGrain) return body(int64_t{0}, count);
  parallel_ranges(count, kernels::kElementGrain, body);
}

}  // namespace weir
