#include "apps/config_arguments.h"

#include <algorithm>
#include <filesystem>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/names.h"

namespace weir {
namespace fs = std::filesystem;
namespace {

// KEY=VALUE or ~KEY. A path may hold '=' too, but not before its first slash.
bool is_override(const std::string& word) {
  const size_t equals = word.find('=');
  return word.starts_with('~') || (equals != std::string::npos && equals < word.find('/'));
}

std::vector<std::string> entries_beside(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const fs::path& folder : {path.parent_path(), fs::path("configs")}) {
    for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, ignored)) {
      const fs::path name = entry.path().filename();
      names.push_back((folder / name).string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

ConfigArguments sort_config_arguments(const std::vector<std::string>& words) {
  ConfigArguments out;
  for (const std::string& word : words) {
    if (is_override(word)) {
      out.overrides.push_back({word, ""});
    } else if (out.file.empty()) {
      out.file = word;
    } else {
      fail(ErrorKind::kUsage,
           "expected one configuration, found '{}' and '{}'; values are set "
           "with KEY=VALUE",
           out.file, word);
    }
  }
  return out;
}

void require_exists(const std::string& path) {
  std::error_code ignored;
  if (fs::exists(path, ignored)) return;
  fail(ErrorKind::kUsage, "there is no file or folder '{}'{}", path,
       did_you_mean(path, entries_beside(path)));
}

LoadedConfig load_config(const ConfigArguments& arguments) {
  if (arguments.file.empty()) {
    return load_config_text(kQuickstartYaml, "quickstart.yaml", arguments.overrides);
  }
  require_exists(arguments.file);
  return load_config(fs::path(arguments.file), arguments.overrides);
}

Config load_config_and_warn(const ConfigArguments& arguments) {
  LoadedConfig loaded = load_config(arguments);
  for (const std::string& warning : loaded.warnings) log_warning("{}", warning);
  return std::move(loaded.config);
}

}  // namespace weir
