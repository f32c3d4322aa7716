#include "train/config/numbers.h"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <system_error>

#include <fmt/core.h>

namespace weir {
namespace {

bool has_leading_zero(std::string_view text) {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0' && std::isdigit(static_cast<unsigned char>(text[1]));
}

template <class T>
ParsedNumber<T> parse(std::string_view text) {
  if (has_leading_zero(text)) return {{}, "leading zeros are not allowed"};
  T value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code == std::errc::result_out_of_range) return {{}, "the number does not fit"};
  if (code != std::errc{} || end != text.data() + text.size()) return {{}, ""};
  return {value, ""};
}

// std::to_chars writes 5e-04 and 1e+06; people write 5e-4 and 1e6.
std::string without_padding(std::string text) {
  const size_t e = text.find('e');
  if (e == std::string::npos) return text;
  const bool is_negative = text[e + 1] == '-';
  const std::string digits = text.substr(text.find_first_not_of('0', e + 2));
  return text.substr(0, e + 1) + (is_negative ? "-" : "") + digits;
}

template <class T>
std::string to_text(T value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return without_padding({buffer.data(), end});
}

}  // namespace

bool NumberRange::holds(double value) const {
  const bool above = min_open ? value > min : value >= min;
  const bool below = max_open ? value < max : value <= max;
  return above && below;
}

std::string NumberRange::str() const {
  const bool has_min = std::isfinite(min), has_max = std::isfinite(max);
  if (has_min && has_max) {
    return fmt::format("from {}{} to {}{}", min_open ? "above " : "", shortest(min),
                       max_open ? "below " : "", shortest(max));
  }
  if (has_min) return fmt::format("{} {}", min_open ? ">" : ">=", shortest(min));
  if (has_max) return fmt::format("{} {}", max_open ? "<" : "<=", shortest(max));
  return "";
}

ParsedNumber<int64_t> parse_integer(std::string_view text) { return parse<int64_t>(text); }

ParsedNumber<double> parse_number(std::string_view text) {
  // std::from_chars would take "inf" and "nan".
  if (text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return {{}, ""};
  return parse<double>(text);
}

std::string shortest(double value) { return to_text(value); }

std::string shortest(float value) { return to_text(value); }

}  // namespace weir
