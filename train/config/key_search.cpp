#include "train/config/key_search.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/base/names.h"

namespace weir {
namespace {

// The part of `path` below `section`, up to the next dot; "" when it lies elsewhere.
std::string name_in(std::string_view path, std::string_view section) {
  if (!section.empty()) {
    const bool is_below = path.size() > section.size() &&
                          path.substr(0, section.size()) == section && path[section.size()] == '.';
    if (!is_below) return "";
    path.remove_prefix(section.size() + 1);
  }
  return std::string(path.substr(0, path.find('.')));
}

// A key elsewhere whose last name is exactly this one.
std::string path_ending_in(std::string_view name) {
  for (const Key& key : config_keys()) {
    if (key.path.substr(key.path.rfind('.') + 1) == name) return key.path;
  }
  return "";
}

}  // namespace

const Key* find_key(std::string_view path) {
  for (const Key& key : config_keys()) {
    if (key.path == path) return &key;
  }
  return nullptr;
}

bool is_section(std::string_view path) {
  const auto& sections = config_sections();
  return std::any_of(sections.begin(), sections.end(),
                     [&](const KeySection& section) { return section.path == path; });
}

std::vector<std::string> names_under(std::string_view section) {
  std::vector<std::string> names;
  for (const Key& key : config_keys()) {
    const std::string name = name_in(key.path, section);
    if (!name.empty() && (names.empty() || names.back() != name)) names.push_back(name);
  }
  return names;
}

std::string unknown_key_message(std::string_view name, std::string_view section) {
  const std::string under = section.empty() ? "" : fmt::format(" under {}", section);
  std::string hint = did_you_mean(name, names_under(section));
  const std::string elsewhere = path_ending_in(name);
  if (!elsewhere.empty()) hint = fmt::format("; did you mean '{}'?", elsewhere);
  return fmt::format("unknown key '{}'{}{}", name, under, hint);
}

bool applies(const Key& key, const Config& config) {
  if (key.only_with.key.empty()) return true;
  const Key& selector = *find_key(key.only_with.key);
  const auto& values = key.only_with.values;
  const bool is_met =
      std::find(values.begin(), values.end(), selector.write(config)) != values.end();
  return is_met && applies(selector, config);
}

const Key& unmet_condition(const Key& key, const Config& config) {
  const Key& selector = *find_key(key.only_with.key);
  return applies(selector, config) ? key : unmet_condition(selector, config);
}

}  // namespace weir
