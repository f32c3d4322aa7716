#include "train/config/overrides.h"

#include <utility>

#include <fmt/core.h>

#include "core/base/names.h"
#include "train/config/key_search.h"
#include "train/config/strict_yaml.h"

namespace weir {
namespace {

std::vector<std::string> all_paths() {
  std::vector<std::string> paths;
  for (const Key& key : config_keys()) paths.push_back(key.path);
  for (const KeySection& section : config_sections()) paths.push_back(section.path);
  return paths;
}

std::string unknown_path_message(const std::string& path) {
  const std::string near = did_you_mean(path, all_paths());
  if (!near.empty()) return fmt::format("unknown key '{}'{}", path, near);
  return unknown_key_message(path, "");
}

void remove(YamlNode& node, const std::string& path) {
  const size_t dot = path.find('.');
  if (dot == std::string::npos) return node.erase(path);
  YamlEntry* entry = node.find(path.substr(0, dot));
  if (entry != nullptr) remove(entry->value, path.substr(dot + 1));
}

void apply(const std::string& text, const Place& place, MergedYaml& yaml, ProblemList& problems) {
  const bool removes = !text.empty() && text[0] == '~';
  const size_t equals = text.find('=');
  if (removes == (equals != std::string::npos)) {
    problems.add(place, "expected KEY=VALUE or ~KEY, found '{}'", text);
    return;
  }
  const std::string path = removes ? text.substr(1) : text.substr(0, equals);
  if (find_key(path) == nullptr && !is_section(path)) {
    problems.add(place, "{}", unknown_path_message(path));
  } else if (removes) {
    remove(yaml.root, path);
  } else {
    const size_t before = problems.size();
    YamlNode value = parse_yaml_value(text.substr(equals + 1), place.source, problems);
    if (problems.size() > before) return;
    value.place = place;
    merge_into(yaml.root, nested(path, place, std::move(value)));
  }
}

}  // namespace

void apply_overrides(const std::vector<Override>& overrides, MergedYaml& yaml,
                     ProblemList& problems) {
  for (size_t i = 0; i < overrides.size(); ++i) {
    const std::string& origin = overrides[i].origin;
    const Place place{origin.empty() ? fmt::format("override #{}", i + 1) : origin};
    apply(overrides[i].text, place, yaml, problems);
    yaml.sources.push_back(place.source);
  }
}

}  // namespace weir
