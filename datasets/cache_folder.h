// Where results that can be computed again are kept.
#pragma once

#include <filesystem>
#include <string_view>

namespace weir {

// $WEIR_CACHE/<kind> or else ~/.cache/weir/<kind>. The folder need not exist.
std::filesystem::path cache_folder(std::string_view kind);

}  // namespace weir
