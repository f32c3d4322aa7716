// The tables of a comparison as CSV: for spreadsheets and data frames.
#pragma once

#include <string>

#include "compare/report/comparison.h"

namespace weir {

// Accuracies and shares are 0 to 1; fields without a value are empty.

std::string summary_csv(const Comparison& comparison);  // a row for each net
std::string runs_csv(const Comparison& comparison);     // a row for each complete run
std::string curves_csv(const Comparison& comparison);   // a row for each epoch of each run
std::string pairs_csv(const Comparison& comparison);    // a row for each tested pair

}  // namespace weir
