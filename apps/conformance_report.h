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

// With --list: the operators with their numbers of cases, or the cases.
void list_operator(const std::string& op, size_t cases, bool json);
void list_case(const ConformanceCase& c, bool json);

}  // namespace weir
