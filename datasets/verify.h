// Checks a data set as thoroughly as it can be checked, for `weir data verify`.
#pragma once

#include <string>
#include <vector>

#include "datasets/catalog.h"

namespace weir {

struct Check {
  std::string name;  // "md5 of data_batch_1"
  bool ok = false;
  std::string detail;  // what was found, and what was expected where that differs
};

// Every check that applies to the set, in order. Problems become checks that are not ok instead of
// errors; a set that cannot be read ends the list. "auto" verifies the set that it would open.
// Throws kUsage for an unknown name.
std::vector<Check> verify_dataset(const DataOptions& options);

}  // namespace weir
