// Everything that is wrong with a configuration, reported at once, the way a compiler does:
//   configs/vgg.yaml:12:5: error: unknown key 'momentun' under optimizer; did you mean 'momentum'?
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "core/base/error.h"

namespace weir {

// A spot in a file (1-based), or an override, which has no lines: "override #2".
struct Place {
  std::string source;
  int line = 0, column = 0;
  std::string str() const;
};

struct ConfigProblem {
  Place place;
  std::string message;
  std::string str() const;  // "place: error: message"
};

// Thrown once, with all problems in the order of their places. what() has one line for each.
class ConfigErrors : public Error {
 public:
  explicit ConfigErrors(std::vector<ConfigProblem> problems);
  const std::vector<ConfigProblem>& problems() const { return problems_; }

 private:
  std::vector<ConfigProblem> problems_;
};

// Collects problems while the readers go on.
class ProblemList {
 public:
  template <class... Args>
  void add(const Place& place, fmt::format_string<Args...> format, Args&&... args) {
    problems_.push_back({place, fmt::format(format, std::forward<Args>(args)...)});
  }
  bool empty() const { return problems_.empty(); }
  size_t size() const { return problems_.size(); }
  void throw_if_any() const;

 private:
  std::vector<ConfigProblem> problems_;
};

}  // namespace weir
