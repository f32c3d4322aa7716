// Which variants of a comparison file are tested against each other.
#pragma once

#include <vector>

#include "compare/plan/plan.h"

namespace weir {

// From `pairs:`, or everything against the `baseline:`, or with neither (null) everything against
// everything. Both at once is a problem.
std::vector<PlanPair> read_pairs(const YamlEntry* pairs, const YamlEntry* baseline,
                                 const std::vector<PlanVariant>& variants, ProblemList& problems);

}  // namespace weir
