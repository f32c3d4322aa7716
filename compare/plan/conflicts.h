// Two places that say what one key is: one of them would win, and nobody would be told.
#pragma once

#include <vector>

#include "compare/plan/plan.h"
#include "train/config/load.h"

namespace weir {

// The keys that the grid and tune.key vary have no other value. A problem, with both places, for
// each override, variant, `set` and tune.set that sets such a key, something above it
// (optimizer=null) or something below it; when the grid varies tune.key; for train.epochs in
// tune.set, as trials have tune.epochs; and for an override of a key that a comparison sets itself,
// output.dir aside.
void check_conflicts(const ComparisonPlan& plan, const std::vector<Override>& overrides,
                     ProblemList& problems);

}  // namespace weir
