#include "core/base/file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/error.h"

namespace weir {
namespace fs = std::filesystem;
namespace {

// Owns a temporary file until it is renamed; removes it when something fails before.
class PendingFile {
 public:
  explicit PendingFile(const fs::path& target)
      : target_(target), path_(target.string() + fmt::format(".tmp{}", ::getpid())) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor_ < 0) report("open");
  }
  ~PendingFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!renamed_) ::unlink(path_.c_str());
  }
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) report("write");
      bytes.remove_prefix(static_cast<size_t>(written));
    }
  }
  void commit() {
    if (::fsync(descriptor_) != 0) report("sync");
    if (::rename(path_.c_str(), target_.c_str()) != 0) report("rename");
    renamed_ = true;
  }

 private:
  [[noreturn]] void report(const char* action) const {
    fail(ErrorKind::kInternal, "cannot {} {}: {}; the previous file, if any, is untouched", action,
         target_.string(), std::strerror(errno));
  }
  fs::path target_, path_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;  // the rename itself has happened; some file systems refuse this
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

std::string read_file(const fs::path& path, uint64_t max_bytes) {
  std::error_code error;
  const uint64_t size = fs::file_size(path, error);
  if (error) fail(ErrorKind::kData, "cannot read {}: {}", path.string(), error.message());
  if (size > max_bytes) {
    fail(ErrorKind::kData, "{} has {} bytes, more than the {} allowed here", path.string(), size,
         max_bytes);
  }
  std::ifstream in(path, std::ios::binary);
  std::string bytes(size, '\0');
  if (!in || !in.read(bytes.data(), static_cast<std::streamsize>(size))) {
    fail(ErrorKind::kData, "cannot read {}: {}", path.string(), std::strerror(errno));
  }
  return bytes;
}

void write_file_atomic(const fs::path& path, std::string_view bytes) {
  write_file_atomic(path, std::span(&bytes, 1));
}

void write_file_atomic(const fs::path& path, std::span<const std::string_view> pieces) {
  PendingFile file(path);
  for (const std::string_view piece : pieces) file.write(piece);
  file.commit();
  sync_folder(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) {
    fail(ErrorKind::kInternal, "cannot create folder {}: {}", path.string(), error.message());
  }
}

}  // namespace weir
