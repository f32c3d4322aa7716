#include "train/config/emit.h"

#include <algorithm>
#include <functional>

#include <fmt/core.h>

#include "train/config/key_search.h"

namespace weir {
namespace {

constexpr size_t kCommentColumn = 40;

// Opens the sections of `path` that are not open yet: "train.fail_if_stuck.below" after
// "train.epochs" gives "  fail_if_stuck:". Returns the indentation of the key.
std::string open_sections(const std::string& path, std::string& open, std::string& text) {
  size_t depth = 0;
  for (size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
    const std::string section = path.substr(0, dot);
    const bool is_open = open == section || open.rfind(section + '.', 0) == 0;
    if (!is_open) {
      const size_t start = section.rfind('.') + 1;  // 0 when there is no dot
      text += fmt::format("{}{}:\n", std::string(2 * depth, ' '), section.substr(start));
      open = section;
    }
    ++depth;
  }
  return std::string(2 * depth, ' ');
}

std::string emit(const Config& config,
                 const std::function<std::string(const std::string& key)>& comment) {
  std::string text, open;
  for (const Key& key : config_keys()) {
    if (!applies(key, config)) continue;
    std::string line = open_sections(key.path, open, text);
    line += fmt::format("{}: {}", key.path.substr(key.path.rfind('.') + 1), key.write(config));
    const std::string words = comment(key.path);
    if (!words.empty()) line = fmt::format("{:<{}}  # {}", line, kCommentColumn, words);
    text += line + '\n';
  }
  return text;
}

std::string value_of(const Key& key, const Config& config) {
  return applies(key, config) ? key.write(config) : "";
}

}  // namespace

std::string to_yaml(const Config& config) {
  return emit(config, [](const std::string&) { return ""; });
}

std::string to_yaml_with_origins(const LoadedConfig& loaded) {
  return emit(loaded.config, [&](const std::string& key) {
    const auto at = loaded.origins.find(key);
    return at == loaded.origins.end() ? "default" : at->second;
  });
}

std::vector<ConfigDifference> diff(const Config& a, const Config& b) {
  std::vector<ConfigDifference> differences;
  for (const Key& key : config_keys()) {
    const std::string left = value_of(key, a), right = value_of(key, b);
    if (left != right) differences.push_back({key.path, left, right});
  }
  return differences;
}

}  // namespace weir
