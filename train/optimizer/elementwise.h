// Runs an update over the elements of a tensor on all threads.
#pragma once

#include "core/runtime/parallel.h"

namespace weir {

// Elements of one work item: 16 K floats are a few microseconds, well above the cost of a task.
inline constexpr int64_t kUpdateGrain = 16 * 1024;

// body(begin, end) over ranges of [0, count); small tensors stay on the calling thread.
template <class Body>
void update_elements(int64_t count, const Body& body) {
  if (count <= kUpdateGrain) return body(int64_t{0}, count);
  parallel_ranges(count, kUpdateGrain, body);
}

}  // namespace weir
