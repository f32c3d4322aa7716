// A window in words: the reducer's arithmetic with its numbers, and who gets the gradient. The
// values themselves are the library's; the words only say how one gets there.
#pragma once

#include <string>

#include "apps/pool_walk/walk.h"

namespace weir {

// "max(1, 3, 5, 6) = 6 at (1, 1)"; where the numbers would be too many, the formula.
std::string explain_value(const PoolWalkOptions& options, const PoolWalk& walk,
                          const PoolStep& step);

// "all of 1 goes to (1, 1)", "1 / 4 = 0.25 for each of 4 inputs".
std::string explain_gradient(const PoolWalk& walk, const PoolStep& step);

// "(2, 2) 1 + 1 = 2": inputs that had got something before this window. "" where there are none.
std::string explain_sum(const PoolWalk& walk, const PoolStep& step);

// What the cells drawn outside the map are.
std::string explain_outside(const PoolWalkOptions& options);

}  // namespace weir
