// Whitening matrices on disk, so that the eigenvectors are computed once for each set.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "datasets/zca.h"

namespace weir {

// The matrix stored under `key`; nothing when there is none, or when the file is damaged or holds
// another dimension (a warning says so). Never throws because of what the file holds.
std::optional<Zca> load_cached_zca(const std::filesystem::path& folder, const std::string& key,
                                   int dimension);

// Stores it for later runs, atomically. A folder that cannot be written to costs a warning only.
void store_cached_zca(const std::filesystem::path& folder, const std::string& key, const Zca& zca);

}  // namespace weir
