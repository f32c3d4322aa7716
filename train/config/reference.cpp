#include "train/config/reference.h"

#include <fmt/core.h>

#include "core/base/names.h"
#include "train/config/key_search.h"

namespace weir {
namespace {

std::string condition_text(const KeyCondition& condition) {
  if (condition.key.empty()) return "";
  return fmt::format("only with {} {}", condition.key, join(condition.values, " or "));
}

std::string section_of(const std::string& path) {
  const size_t dot = path.rfind('.');
  return dot == std::string::npos ? "" : path.substr(0, dot);
}

std::string markdown_row(const Key& key, const Config& defaults) {
  const std::string condition = condition_text(key.only_with);
  const std::string help =
      condition.empty() ? key.help : fmt::format("{} ({})", key.help, condition);
  return fmt::format("| `{}` | {} | `{}` | {} |\n", key.path, key.expected(), key.write(defaults),
                     help);
}

std::string markdown_table(const std::string& section) {
  std::string text = "| key | takes | default | what it does |\n|---|---|---|---|\n";
  const Config defaults;
  for (const Key& key : config_keys()) {
    if (section_of(key.path) == section) text += markdown_row(key, defaults);
  }
  return text;
}

constexpr const char* kIntroduction = R"(# Configuration

Written by `weir config keys --format md`; do not edit it by hand.

A configuration is one YAML file. Every key has a default, and a key that does not exist is an error.
`extends: other.yaml` (or a list of files, relative to the file that names them) builds on other
files: maps merge, lists replace. `KEY=VALUE` on the command line changes a value, `~KEY` takes it
back to its default. The order, weakest first: defaults, extended files, the file, overrides, flags
such as `--seed`. `weir config show FILE` prints every value and where it came from.

A key that applies "only with" some other value is an error beside another value in the same file;
when the other value comes from something stronger, such as an override, the key is left out.

)";

}  // namespace

std::string keys_as_text() {
  std::string text;
  const Config defaults;
  for (const Key& key : config_keys()) {
    text += fmt::format("{} = {}\n    {}; {}\n", key.path, key.write(defaults), key.help,
                        key.expected());
    const std::string condition = condition_text(key.only_with);
    if (!condition.empty()) text += fmt::format("    {}\n", condition);
  }
  return text;
}

std::string keys_as_markdown() {
  std::string text = kIntroduction + markdown_table("");
  for (const KeySection& section : config_sections()) {
    text += fmt::format("\n## {}\n\n{}\n\n{}", section.path, section.help,
                        markdown_table(section.path));
  }
  return text;
}

std::vector<std::string> complete_override(std::string_view prefix) {
  std::vector<std::string> words;
  const auto add = [&](const std::string& word) {
    if (word.rfind(prefix, 0) == 0) words.push_back(word);
  };
  for (const Key& key : config_keys()) {
    const std::string start = key.path + '=';
    if (prefix.rfind(start, 0) != 0) {
      add(start);
      continue;
    }
    for (const std::string& choice : key.rules.choices) add(start + choice);
    if (key.type == KeyType::kBool) {
      add(start + "true");
      add(start + "false");
    }
  }
  return words;
}

}  // namespace weir
