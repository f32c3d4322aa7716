// "IMAGE|DIR..." on a command line.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "datasets/image_io.h"

namespace weir {

// The named files, and the pictures directly in the named folders, by name. Throws kUsage for a
// path that does not exist, with the nearest one, and kData for a folder without pictures.
std::vector<std::filesystem::path> picture_files(const std::vector<std::string>& names);

// None for one that cannot be read, with a warning: one bad picture does not stop the others.
std::optional<Picture> read_or_warn(const std::filesystem::path& file);

// Throws kData when there were any.
void require_all_readable(size_t unreadable, size_t files);

}  // namespace weir
