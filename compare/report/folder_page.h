// The page of a folder from its files alone: nothing is trained or analysed again.
#pragma once

#include <filesystem>
#include <string>

namespace weir {

// Of a comparison (a folder with compare.json) or of a complete run of `weir train` (one with
// result.json). Throws kData for another folder, with the comparisons and runs in it if it has
// any, and for a file that is damaged or of another schema.
std::string folder_page(const std::filesystem::path& folder);

}  // namespace weir
