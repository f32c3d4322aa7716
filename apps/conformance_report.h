// What `weir conformance` prints: a row for each operator, then the first failures.
#pragma once

#include <string>
#include <vector>

#include "conformance/case.h"
#include "conformance/runner.h"

namespace weir {

class ConformanceReport {
 public:
  explicit ConformanceReport(bool json) : json_(json) {}

  void add(const OperatorReport& report);
  // The sums and the failures; true when everything passed.
  bool finish() const;

 private:
  bool json_;
  std::vector<OperatorReport> reports_;
};

// "max_pool2d/0017  pytorch 1.13.0  (3, 1, 7, 5) to (3, 1, 3, 2)  ties"
std::string case_line(const ConformanceCase& c);

}  // namespace weir
