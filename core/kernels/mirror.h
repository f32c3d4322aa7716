// Positions along an axis that goes on behind its ends as in a mirror.
#pragma once

#include <vector>

namespace weir::kernels {

// For each position along one axis, the position that it copies.
using AxisSources = std::vector<int>;
// The positions of the axis in front, of size `in`, and `before` and `after` more behind its first
// and last one, mirrored there. Both are below `in`.
AxisSources reflected_sources(int in, int before, int after);

}  // namespace weir::kernels
