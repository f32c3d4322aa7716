#include <string>

#include "core/base/error.h"
#include "train/config/config.h"
#include "train/config/numbers.h"

namespace weir {

Expectation parse_expectation(std::string_view text) {
  const std::string_view trimmed = text.substr(std::min(text.find_first_not_of(' '), text.size()));
  const size_t length = trimmed.substr(0, 2) == ">=" || trimmed.substr(0, 2) == "<=" ? 2 : 1;
  const std::string relation(trimmed.substr(0, length));
  const bool known = relation == ">=" || relation == "<=" || relation == ">" || relation == "<";
  std::string_view number = known ? trimmed.substr(length) : std::string_view{};
  number.remove_prefix(std::min(number.find_first_not_of(' '), number.size()));
  const ParsedNumber<double> bound = parse_number(number);
  require(known && bound.value.has_value(),
          "expected a relation (>=, >, <=, <) and a number, found '{}'", text);
  return {relation, *bound.value};
}

bool Expectation::holds(double value) const {
  if (relation == ">=") return value >= bound;
  if (relation == ">") return value > bound;
  if (relation == "<=") return value <= bound;
  return value < bound;
}

std::string Expectation::str() const { return relation + shortest(bound); }

}  // namespace weir
