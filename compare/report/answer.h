// A comparison in words: the answer first, and no winner where there is none.
#pragma once

#include <string>
#include <vector>

#include "compare/report/comparison.h"

namespace weir {

// What this pair says, in one sentence. Accuracies in percent, differences in points of a percent.
std::string pair_sentence(const Comparison& comparison, const PairResult& pair);

// One sentence for each pair, then what a reader must know: missing runs, restarts, nets that were
// given up.
std::vector<std::string> answer_lines(const Comparison& comparison);

// A row for each cell.
std::string results_table(const Comparison& comparison);

}  // namespace weir
