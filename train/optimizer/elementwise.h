// Runs an update over the elements of all parameters on all threads, in one piece of parallel work.
#pragma once

#include <algorithm>
#include <vector>

#include "core/kernels/elementwise.h"
#include "core/runtime/parallel.h"

namespace weir {

// body(k, begin, end) for ranges that together cover [0, counts[k]) of every k.
template <class Body>
void update_elements(const std::vector<int64_t>& counts, const Body& body) {
  // Elements are numbered through all parameters: k has [ends[k - 1], ends[k]).
  std::vector<int64_t> ends;
  int64_t total = 0;
  for (const int64_t count : counts) ends.push_back(total += count);
  parallel_ranges(total, kernels::kElementGrain, [&](int64_t begin, int64_t end) {
    auto k = static_cast<size_t>(std::upper_bound(ends.begin(), ends.end(), begin) - ends.begin());
    for (; begin < end; ++k) {
      const int64_t first = k == 0 ? 0 : ends[k - 1], last = std::min(ends[k], end);
      if (begin < last) body(k, begin - first, last - first);
      begin = std::max(begin, last);
    }
  });
}

}  // namespace weir
