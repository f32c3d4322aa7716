#include "train/config/data_root.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "core/base/error.h"
#include "core/base/names.h"
#include "datasets/cifar10_location.h"

namespace weir {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> candidates(const std::string& root) {
  const char* home = std::getenv("HOME");
  const bool is_home = root == "~" || root.rfind("~/", 0) == 0;
  if (is_home && home != nullptr)
    return {fs::path(home) / root.substr(std::min<size_t>(2, root.size()))};
  std::vector<fs::path> paths = {root};
  if (paths[0].is_absolute()) return paths;
  for (const fs::path& folder : data_roots("")) paths.push_back(folder / root);
  return paths;
}

}  // namespace

fs::path find_data_root(const std::string& root) {
  std::vector<std::string> searched;
  for (const fs::path& path : candidates(root)) {
    std::error_code error;
    if (fs::exists(path, error)) return path;
    searched.push_back(path.string());
  }
  fail(ErrorKind::kData, "data.root: '{}' is not here; searched {}", root, join(searched));
}

}  // namespace weir
