// Backward in words: who gets the gradient of a window. The numbers are the library's.
#pragma once

#include <string>

#include "apps/pool_walk/walk.h"

namespace weir {

inline constexpr size_t kMostTerms = 16;  // that are spelled out one by one
// "(1, 1)": row and column.
std::string place(int y, int x);
// A number in a sum or product: negative ones stand in parentheses.
std::string term(float value);

// "all of 1 to (1, 1)", "1 / 4 = 0.25 to each of 4 inputs".
std::string explain_gradient(const PoolWalk& walk, const PoolStep& step);

// "(2, 2) 1 + 1 = 2": inputs that had got something before this window. "" where there are none.
std::string explain_sum(const PoolWalk& walk, const PoolStep& step);

// What the cells drawn outside the map are.
std::string explain_outside(const PoolWalkOptions& options);

}  // namespace weir
