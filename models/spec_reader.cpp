#include "models/spec_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

template <class T>
std::optional<T> parsed(const std::string& text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::string spelled(const SpecValue& value) {
  return value.is_list ? fmt::format("[{}]", join(value.items)) : fmt::format("'{}'", value.text);
}

}  // namespace

std::string located(const std::string& place, std::string_view where, std::string_view message) {
  return place.empty() ? fmt::format("{}: {}", where, message)
                       : fmt::format("{}: error: {}: {}", place, where, message);
}

SpecReader::SpecReader(const LayerSpec& spec, std::string bare, std::string where, int num_classes,
                       std::vector<std::string>& errors)
    : spec_(spec),
      bare_(std::move(bare)),
      where_(std::move(where)),
      num_classes_(num_classes),
      errors_(errors) {}

void SpecReader::report(const std::string& place, const std::string& message) {
  errors_.push_back(located(place.empty() ? spec_.place : place, where_, message));
}

const SpecValue* SpecReader::find(const std::string& name) const {
  if (const auto it = spec_.args.find(name); it != spec_.args.end()) return &it->second;
  if (name != bare_) return nullptr;
  const auto it = spec_.args.find("");
  return it == spec_.args.end() ? nullptr : &it->second;
}

const SpecValue* SpecReader::ask(const std::string& name, bool required) {
  asked_.insert(name);
  const SpecValue* value = find(name);
  if (!value && required) report("", fmt::format("the argument '{}' is missing", name));
  return value;
}

std::optional<int> SpecReader::parse_integer(const std::string& name, const std::string& text,
                                             int least, int most, const std::string& place) {
  const std::optional<int> value = parsed<int>(text);
  if (value && *value >= least && *value <= most) return value;
  report(place, fmt::format("{}: expected a whole number from {} to {}, got '{}'", name, least,
                            most, text));
  return std::nullopt;
}

int SpecReader::integer(const std::string& name, int least, std::optional<int> fallback, int most) {
  const SpecValue* value = ask(name, !fallback);
  if (!value) return fallback.value_or(least);
  if (value->is_list) {
    report(value->place, fmt::format("{}: expected one number, got {}", name, spelled(*value)));
    return fallback.value_or(least);
  }
  return parse_integer(name, value->text, least, most, value->place)
      .value_or(fallback.value_or(least));
}

int SpecReader::count(const std::string& name) {
  const SpecValue* value = find(name);
  if (value && !value->is_list && value->text == "num_classes") {
    asked_.insert(name);
    return num_classes_;
  }
  return integer(name, 1);
}

Pair SpecReader::pair(const std::string& name, int least, std::optional<Pair> fallback) {
  const Pair safe = fallback.value_or(Pair(least));
  const SpecValue* value = ask(name, !fallback);
  if (!value) return safe;
  if (value->is_list && value->items.size() != 2) {
    report(value->place, fmt::format("{}: expected one number or [height, width], got {}", name,
                                     spelled(*value)));
    return safe;
  }
  const std::string& first = value->is_list ? value->items[0] : value->text;
  const std::string& second = value->is_list ? value->items[1] : value->text;
  const std::optional<int> h = parse_integer(name, first, least, kLargest, value->place);
  if (!h) return safe;
  const std::optional<int> w = parse_integer(name, second, least, kLargest, value->place);
  return w ? Pair(*h, *w) : safe;
}

std::vector<int> SpecReader::integers(const std::string& name, int least,
                                      std::optional<std::vector<int>> fallback) {
  const std::vector<int> safe = fallback.value_or(std::vector<int>{least});
  const SpecValue* value = ask(name, !fallback);
  if (!value) return safe;
  std::vector<int> numbers;
  for (const std::string& text : value->is_list ? value->items : std::vector{value->text}) {
    const std::optional<int> number = parse_integer(name, text, least, kLargest, value->place);
    if (!number) return safe;
    numbers.push_back(*number);
  }
  return numbers;
}

std::optional<std::array<double, 2>> SpecReader::numbers(const std::string& name) {
  const SpecValue* value = ask(name, false);
  if (!value) return std::nullopt;
  const bool two = value->is_list && value->items.size() == 2;
  if (two || !value->is_list) {
    const auto first = parsed<double>(two ? value->items[0] : value->text);
    const auto second = parsed<double>(two ? value->items[1] : value->text);
    if (first && second && std::isfinite(*first) && std::isfinite(*second)) {
      return std::array{*first, *second};
    }
  }
  report(value->place,
         fmt::format("{}: expected one number or [height, width], got {}", name, spelled(*value)));
  return std::nullopt;
}

std::string SpecReader::word(const std::string& name) {
  const SpecValue* value = ask(name, true);
  if (!value) return "";
  if (!value->is_list && !value->text.empty()) return value->text;
  report(value->place, fmt::format("{}: expected a name, got {}", name, spelled(*value)));
  return "";
}

size_t SpecReader::choice(const std::string& name, const std::vector<std::string>& words) {
  const SpecValue* value = ask(name, false);
  if (!value) return 0;
  const auto found = std::find(words.begin(), words.end(), value->text);
  if (!value->is_list && found != words.end()) return static_cast<size_t>(found - words.begin());
  report(value->place, fmt::format("{}: expected one of {}, got {}{}", name, join(words),
                                   spelled(*value), did_you_mean(value->text, words)));
  return 0;
}

float SpecReader::number(const std::string& name, float fallback) {
  const SpecValue* value = ask(name, false);
  if (!value) return fallback;
  const std::optional<float> result = value->is_list ? std::nullopt : parsed<float>(value->text);
  if (result && std::isfinite(*result)) return *result;
  report(value->place, fmt::format("{}: expected a number, got {}", name, spelled(*value)));
  return fallback;
}

bool SpecReader::flag(const std::string& name, bool fallback) {
  const SpecValue* value = ask(name, false);
  if (!value) return fallback;
  if (!value->is_list && (value->text == "true" || value->text == "false")) {
    return value->text == "true";
  }
  report(value->place, fmt::format("{}: expected true or false, got {}", name, spelled(*value)));
  return fallback;
}

void SpecReader::finish() {
  const std::vector<std::string> known(asked_.begin(), asked_.end());
  const std::string list = known.empty() ? "no arguments" : "the arguments " + join(known);
  for (const auto& [name, value] : spec_.args) {
    if (name.empty() && bare_.empty()) {
      report(value.place,
             fmt::format("takes no bare value, got {}; it has {}", spelled(value), list));
    } else if (name.empty() && spec_.args.contains(bare_)) {
      report(value.place, fmt::format("a bare value means '{}', which is given too", bare_));
    } else if (!name.empty() && !asked_.contains(name)) {
      report(value.place, fmt::format("unknown argument '{}'{}; it has {}", name,
                                      did_you_mean(name, known), list));
    }
  }
}

}  // namespace weir
