// Numbers as a configuration spells them: no octal, no hexadecimal, no infinities, and the shortest
// text that reads back as the same number.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

struct NumberRange {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool min_open = false, max_open = false;  // the end itself is outside

  bool holds(double value) const;
  // "> 0", "from 0 to 1", "from 0 to below 1"; "" for every number.
  std::string str() const;
};

// The number, or what is wrong with the text: "leading zeros ...".
template <class T>
struct ParsedNumber {
  std::optional<T> value;
  std::string problem;
};

ParsedNumber<int64_t> parse_integer(std::string_view text);
ParsedNumber<double> parse_number(std::string_view text);

std::string shortest(double value);
std::string shortest(float value);

}  // namespace weir
