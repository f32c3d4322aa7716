// compare.json: every number of a comparison, for programs and for a page that is made from it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "compare/report/comparison.h"

namespace weir {

// Schema 1, described in docs/comparing.md. Only what the run folders and the comparison file say:
// the same ones give the same bytes.
nlohmann::ordered_json comparison_json(const Comparison& comparison);

// The fields of one pair, as in "pairs".
nlohmann::ordered_json pair_json(const Comparison& comparison, const PairResult& pair);

}  // namespace weir
