#include "datasets/cache_folder.h"

#include <cstdlib>

namespace weir {

std::filesystem::path cache_folder(std::string_view kind) {
  if (const char* cache = std::getenv("WEIR_CACHE"); cache != nullptr && *cache != '\0') {
    return std::filesystem::path(cache) / kind;
  }
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home == nullptr ? "." : home) / ".cache" / "weir" / kind;
}

}  // namespace weir
