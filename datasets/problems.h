// Collects what is wrong with some input, so that people see everything at once.
#pragma once

#include <string>
#include <vector>

namespace weir {

class Problems {
 public:
  void add(std::string problem) { list_.push_back(std::move(problem)); }
  bool empty() const { return list_.empty(); }
  // Throws kData with "`subject`: " and every problem on a line of its own: 20, then how many more.
  // Does nothing when there is none.
  void fail_if_any(const std::string& subject) const;

 private:
  std::vector<std::string> list_;
};

}  // namespace weir
