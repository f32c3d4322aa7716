// Compares what came out of a case with what should have.
#pragma once

#include <string>
#include <vector>

#include "conformance/case.h"
#include "conformance/run_case.h"

namespace weir {

struct CheckedCase {
  double worst = 0;                   // error in units of what is allowed, over all results
  std::vector<std::string> failures;  // one line for each result that is wrong, such as "output"
};

CheckedCase check_case(const ConformanceCase& c, const CaseResult& result, DType storage);

}  // namespace weir
