// Whole-file input and output. Writes are atomic: a reader sees the old file or the new one,
// whatever happens in between (kill -9, full disk, power loss).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// The whole file. Throws kData when it cannot be read or is larger than `max_bytes`.
std::string read_file(const std::filesystem::path& path, uint64_t max_bytes = uint64_t{4} << 30);

// Writes to a temporary file beside `path`, syncs it to the disk, then renames it over `path`.
// Throws kInternal with the system's reason; the old file is untouched then.
void write_file_atomic(const std::filesystem::path& path, std::string_view bytes);
// The same for what lies in pieces: they follow one another in the file.
void write_file_atomic(const std::filesystem::path& path, std::span<const std::string_view> pieces);

// Creates the folder and its parents. Throws kInternal with the system's reason.
void make_folder(const std::filesystem::path& path);

}  // namespace weir
