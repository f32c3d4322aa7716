#include "train/config/value_codec.h"

#include <algorithm>
#include <limits>
#include <type_traits>

#include <fmt/core.h>

#include "core/base/names.h"

namespace weir {
namespace {

constexpr std::string_view kPlainFirst =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./";
constexpr std::string_view kPlainRest =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-";

std::string in_quotes(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n' || c == '\t' || c == '\r') {
      out += c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r";
    } else {
      out += c;
    }
  }
  return out + '"';
}

template <class T>
ParsedNumber<T> parse_as(const std::string& text) {
  if constexpr (std::is_floating_point_v<T>) {
    return parse_number(text);
  } else {
    const ParsedNumber<int64_t> wide = parse_integer(text);
    if (!wide.value) return {{}, wide.problem};
    // Compared as int64_t: every T here holds all of its own values' low half.
    const int64_t low = std::is_signed_v<T> ? std::numeric_limits<T>::min() : 0;
    const int64_t high = sizeof(T) < sizeof(int64_t) ? std::numeric_limits<T>::max()
                                                     : std::numeric_limits<int64_t>::max();
    if (*wide.value < low || *wide.value > high) return {{}, ""};
    return {static_cast<T>(*wide.value), ""};
  }
}

template <class T>
void read_number(const YamlNode& node, const KeyInfo& key, T& field, ProblemList& problems) {
  if (!node.is_scalar() || node.quoted) return add_mismatch(node, key, problems);
  const ParsedNumber<T> parsed = parse_as<T>(node.text);
  if (!parsed.problem.empty()) {
    problems.add(node.place, "{}: expected {}, found {}: {}", key.path, key.expected(),
                 node.found(), parsed.problem);
  } else if (!parsed.value || !key.rules.range.holds(static_cast<double>(*parsed.value))) {
    add_mismatch(node, key, problems);
  } else {
    field = *parsed.value;
  }
}

template <class T>
void read_numbers(const YamlNode& node, const KeyInfo& key, std::vector<T>& field,
                  ProblemList& problems) {
  const size_t before = problems.size();
  if (!node.is_list()) return add_mismatch(node, key, problems);
  std::vector<T> values;
  for (const YamlNode& item : node.items) {
    T value{};
    read_number(item, key, value, problems);
    values.push_back(value);
  }
  if (key.rules.count != 0 && values.size() != key.rules.count) {
    problems.add(node.place, "{}: expected {}, found a list of {}", key.path, key.expected(),
                 values.size());
  }
  if (problems.size() == before) field = std::move(values);
}

template <class T>
std::string write_numbers(const std::vector<T>& values, const KeyInfo& key) {
  std::vector<std::string> words;
  for (const T value : values) words.push_back(write_value(value, key));
  return fmt::format("[{}]", join(words));
}

}  // namespace

void add_mismatch(const YamlNode& node, const KeyInfo& key, ProblemList& problems) {
  const std::string hint = node.is_scalar() ? did_you_mean(node.text, key.rules.choices) : "";
  problems.add(node.place, "{}: expected {}, found {}{}", key.path, key.expected(), node.found(),
               hint);
}

std::string scalar_text(const std::string& text) {
  const bool is_plain = !text.empty() && kPlainFirst.find(text[0]) != std::string_view::npos &&
                        text.find_first_not_of(kPlainRest) == std::string::npos;
  const std::string_view words[] = {"null", "Null", "NULL"};
  const bool means_nothing = std::find(std::begin(words), std::end(words), text) != std::end(words);
  return is_plain && !means_nothing ? text : in_quotes(text);
}

void read_value(const YamlNode& node, const KeyInfo& key, bool& field, ProblemList& problems) {
  const bool is_bool =
      node.is_scalar() && !node.quoted && (node.text == "true" || node.text == "false");
  if (!is_bool) return add_mismatch(node, key, problems);
  field = node.text == "true";
}

void read_value(const YamlNode& node, const KeyInfo& key, int& field, ProblemList& problems) {
  read_number(node, key, field, problems);
}

void read_value(const YamlNode& node, const KeyInfo& key, uint64_t& field, ProblemList& problems) {
  read_number(node, key, field, problems);
}

void read_value(const YamlNode& node, const KeyInfo& key, double& field, ProblemList& problems) {
  read_number(node, key, field, problems);
}

void read_value(const YamlNode& node, const KeyInfo& key, std::string& field,
                ProblemList& problems) {
  if (key.nullable && node.is_null()) return field.clear();
  const std::vector<std::string>& choices = key.rules.choices;
  const bool fits =
      node.is_scalar() && !node.text.empty() &&
      (choices.empty() || std::find(choices.begin(), choices.end(), node.text) != choices.end());
  if (!fits) return add_mismatch(node, key, problems);
  field = node.text;
}

void read_value(const YamlNode& node, const KeyInfo& key, std::vector<int>& field,
                ProblemList& problems) {
  read_numbers(node, key, field, problems);
}

void read_value(const YamlNode& node, const KeyInfo& key, std::vector<double>& field,
                ProblemList& problems) {
  read_numbers(node, key, field, problems);
}

void read_value(const YamlNode& node, const KeyInfo& key, std::vector<std::string>& field,
                ProblemList& problems) {
  const std::vector<YamlNode> one = {node};
  std::vector<std::string> texts;
  for (const YamlNode& item : node.is_list() ? node.items : one) {
    if (!item.is_scalar() || item.text.empty()) return add_mismatch(item, key, problems);
    texts.push_back(item.text);
  }
  field = std::move(texts);
}

void read_value(const YamlNode& node, const KeyInfo& key, Expectation& field,
                ProblemList& problems) {
  if (!node.is_scalar()) return add_mismatch(node, key, problems);
  try {
    field = parse_expectation(node.text);
  } catch (const Error&) {
    add_mismatch(node, key, problems);
  }
}

std::string write_value(bool field, const KeyInfo&) { return field ? "true" : "false"; }

std::string write_value(int field, const KeyInfo&) { return std::to_string(field); }

std::string write_value(uint64_t field, const KeyInfo&) { return std::to_string(field); }

std::string write_value(double field, const KeyInfo&) { return shortest(field); }

std::string write_value(const std::string& field, const KeyInfo& key) {
  return key.nullable && field.empty() ? "null" : scalar_text(field);
}

std::string write_value(const std::vector<int>& field, const KeyInfo& key) {
  return write_numbers(field, key);
}

std::string write_value(const std::vector<double>& field, const KeyInfo& key) {
  return write_numbers(field, key);
}

std::string write_value(const std::vector<std::string>& field, const KeyInfo&) {
  std::vector<std::string> words;
  for (const std::string& text : field) words.push_back(scalar_text(text));
  return fmt::format("[{}]", join(words));
}

std::string write_value(const Expectation& field, const KeyInfo&) {
  return scalar_text(field.str());
}

}  // namespace weir
