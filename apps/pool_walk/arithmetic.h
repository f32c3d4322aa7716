// Forward in words: the reducer's arithmetic with the numbers of a window. The value itself is the
// library's; the words only say how one gets there.
#pragma once

#include <string>

#include "apps/pool_walk/walk.h"

namespace weir {

// "max(1, 3, 5, 6) = 6 at (1, 1)"; where the numbers would be too many, the formula.
std::string explain_value(const PoolWalkOptions& options, const PoolWalk& walk,
                          const PoolStep& step);

}  // namespace weir
