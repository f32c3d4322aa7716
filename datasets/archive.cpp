#include "datasets/archive.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <vector>

#include <archive.h>
#include <archive_entry.h>

#include "core/base/digest.h"
#include "core/base/error.h"

namespace weir {
namespace {

struct CloseArchive {
  void operator()(archive* handle) const { archive_read_free(handle); }
};
using ArchiveHandle = std::unique_ptr<archive, CloseArchive>;

class TarGzReader {
 public:
  TarGzReader(const std::filesystem::path& path, const ArchiveLimits& limits)
      : path_(path.string()), limits_(limits), handle_(archive_read_new()) {
    archive_read_support_filter_gzip(handle_.get());
    archive_read_support_format_tar(handle_.get());
    check(archive_read_open_filename(handle_.get(), path_.c_str(), kBufferBytes));
  }

  // The next regular file; false at the end of the archive.
  bool next(std::string& name, std::string& bytes) {
    archive_entry* entry = nullptr;
    while (next_entry(entry)) {
      if (archive_entry_filetype(entry) != AE_IFREG) continue;
      const char* stored = archive_entry_pathname(entry);
      name = std::filesystem::path(stored == nullptr ? "" : stored).filename().string();
      read_entry(name, bytes);
      return true;
    }
    return false;
  }

 private:
  static constexpr size_t kBufferBytes = 1 << 20;

  bool next_entry(archive_entry*& entry) {
    const int status = archive_read_next_header(handle_.get(), &entry);
    if (status == ARCHIVE_EOF) return false;
    check(status);
    if (++entries_ > limits_.entries) {
      fail(ErrorKind::kData, "{}: refused: more than {} entries", path_, limits_.entries);
    }
    return true;
  }

  // Counts what really comes out: the sizes in the headers may lie.
  void read_entry(const std::string& name, std::string& bytes) {
    bytes.clear();
    std::vector<char> buffer(kBufferBytes);
    while (true) {
      const la_ssize_t count = archive_read_data(handle_.get(), buffer.data(), buffer.size());
      if (count < 0) check(static_cast<int>(count));
      if (count == 0) return;
      total_bytes_ += static_cast<uint64_t>(count);
      if (bytes.size() + count > limits_.file_bytes || total_bytes_ > limits_.total_bytes) {
        fail(ErrorKind::kData,
             "{}: refused: {} unpacks to more than the {} bytes allowed for a file, or all files "
             "to more than {}",
             path_, name, limits_.file_bytes, limits_.total_bytes);
      }
      bytes.append(buffer.data(), static_cast<size_t>(count));
    }
  }

  void check(int status) {
    if (status >= ARCHIVE_WARN) return;  // a warning is about a header that means nothing here
    const char* reason = archive_error_string(handle_.get());
    fail(ErrorKind::kData, "{}: cannot read it as a tar.gz: {}; delete it and get it again", path_,
         reason == nullptr ? "unknown reason" : reason);
  }

  std::string path_;
  ArchiveLimits limits_;
  ArchiveHandle handle_;
  int entries_ = 0;
  uint64_t total_bytes_ = 0;
};

}  // namespace

void read_tar_gz(const std::filesystem::path& archive,
                 const std::function<void(std::string_view, std::string_view)>& visit,
                 const ArchiveLimits& limits) {
  TarGzReader reader(archive, limits);
  std::string name, bytes;
  while (reader.next(name, bytes)) visit(name, bytes);
}

std::string file_md5(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) fail(ErrorKind::kData, "cannot read {}: {}", path.string(), std::strerror(errno));
  Digest digest(DigestKind::kMd5);
  std::vector<char> buffer(1 << 20);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
    digest.update(buffer.data(), static_cast<size_t>(in.gcount()));
  }
  if (in.bad()) fail(ErrorKind::kData, "cannot read {}: {}", path.string(), std::strerror(errno));
  return digest.hex();
}

}  // namespace weir
