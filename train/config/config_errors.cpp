#include "train/config/config_errors.h"

#include <algorithm>
#include <tuple>

namespace weir {
namespace {

std::vector<ConfigProblem> in_order(std::vector<ConfigProblem> problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const auto& a, const auto& b) {
    return std::tie(a.place.source, a.place.line, a.place.column) <
           std::tie(b.place.source, b.place.line, b.place.column);
  });
  return problems;
}

std::string lines(const std::vector<ConfigProblem>& problems) {
  std::string text;
  for (const ConfigProblem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += problem.str();
  }
  return text;
}

}  // namespace

std::string Place::str() const {
  return line > 0 ? fmt::format("{}:{}:{}", source, line, column) : source;
}

std::string ConfigProblem::str() const {
  return fmt::format("{}: error: {}", place.str(), message);
}

ConfigErrors::ConfigErrors(std::vector<ConfigProblem> problems)
    : Error(ErrorKind::kUsage, lines(in_order(problems))),
      problems_(in_order(std::move(problems))) {}

void ProblemList::throw_if_any() const {
  if (!problems_.empty()) throw ConfigErrors(problems_);
}

}  // namespace weir
