#include "apps/picture_arguments.h"

#include <algorithm>

#include "apps/config_arguments.h"
#include "core/base/error.h"
#include "core/base/log.h"

namespace weir {
namespace fs = std::filesystem;

std::vector<fs::path> picture_files(const std::vector<std::string>& names) {
  std::vector<fs::path> files;
  for (const std::string& name : names) {
    require_exists(name);
    if (!fs::is_directory(name)) {
      files.emplace_back(name);
      continue;
    }
    const size_t before = files.size();
    for (const auto& entry : fs::directory_iterator(name)) {
      if (has_picture_extension(entry.path())) files.push_back(entry.path());
    }
    if (files.size() == before) fail(ErrorKind::kData, "{} holds no pictures", name);
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
  }
  return files;
}

std::optional<Picture> read_or_warn(const fs::path& file) {
  try {
    return read_picture(file);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kData) throw;
    log_warning("{}", error.what());
    return std::nullopt;
  }
}

void require_all_readable(size_t unreadable, size_t files) {
  if (unreadable == 0) return;
  fail(ErrorKind::kData, "{} of {} pictures could not be read", unreadable, files);
}

}  // namespace weir
