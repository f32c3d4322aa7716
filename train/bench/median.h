// The middle of repeated measurements: one slow run does not move it.
#pragma once

#include <algorithm>
#include <vector>

namespace weir {

// Of two middle values, the mean. `values` has at least one.
inline double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  if (values.size() % 2 == 1) return values[middle];
  return (values[middle - 1] + values[middle]) / 2;
}

}  // namespace weir
