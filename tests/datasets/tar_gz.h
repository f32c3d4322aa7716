// Writes small tar.gz archives for tests.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <archive.h>
#include <archive_entry.h>

namespace weir::testing_support {

struct TarEntry {
  std::string name, bytes;
  unsigned type = AE_IFREG;
  std::string link = {};  // of a symbolic link
};

inline void write_tar_gz(const std::filesystem::path& path, const std::vector<TarEntry>& entries) {
  archive* out = archive_write_new();
  archive_write_add_filter_gzip(out);
  archive_write_set_format_ustar(out);
  archive_write_open_filename(out, path.c_str());
  for (const TarEntry& entry : entries) {
    archive_entry* header = archive_entry_new();
    archive_entry_set_pathname(header, entry.name.c_str());
    archive_entry_set_filetype(header, entry.type);
    archive_entry_set_perm(header, 0644);
    archive_entry_set_size(header, static_cast<la_int64_t>(entry.bytes.size()));
    if (!entry.link.empty()) archive_entry_set_symlink(header, entry.link.c_str());
    archive_write_header(out, header);
    archive_write_data(out, entry.bytes.data(), entry.bytes.size());
    archive_entry_free(header);
  }
  archive_write_close(out);
  archive_write_free(out);
}

}  // namespace weir::testing_support
