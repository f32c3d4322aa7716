// Reads the files of a tar.gz into memory, without unpacking anything to the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace weir {

// Archives come from strangers: these bounds keep a hostile one from filling memory or time.
struct ArchiveLimits {
  uint64_t file_bytes = uint64_t{64} << 20;    // the largest single file
  uint64_t total_bytes = uint64_t{512} << 20;  // all files together, unpacked
  int entries = 1000;
};

// Calls `visit(name, bytes)` for every regular file in the archive, in its order. `name` is the
// last part of the stored path: folders, "..", links and devices in the archive mean nothing here.
// Throws kData for a damaged archive, a limit that is passed, or a file that is not a tar.gz.
void read_tar_gz(const std::filesystem::path& archive,
                 const std::function<void(std::string_view name, std::string_view bytes)>& visit,
                 const ArchiveLimits& limits = {});

// The MD5 of a whole file, read in pieces. Throws kData when it cannot be read.
std::string file_md5(const std::filesystem::path& path);

}  // namespace weir
