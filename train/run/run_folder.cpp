#include "train/run/run_folder.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"

namespace weir {
namespace fs = std::filesystem;
namespace {

// 12 for ".../0012"; nothing for other names.
std::optional<int> run_number(const fs::path& path) {
  const std::string name = path.filename().string();
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

int highest_number(const fs::path& folder) {
  int highest = 0;
  std::error_code ignored;  // no such folder: no run
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    highest = std::max(highest, run_number(entry.path()).value_or(0));
  }
  return highest;
}

}  // namespace

fs::path RunFolder::next(const fs::path& root, const std::string& name) {
  const fs::path parent = root / name;
  return parent / fmt::format("{:04}", highest_number(parent) + 1);
}

RunFolder RunFolder::create(const fs::path& root, const std::string& name) {
  make_folder(root / name);
  for (;;) {
    const fs::path path =
        next(root, name);  // another process may have taken it: then the one after
    std::error_code error;
    if (fs::create_directory(path, error)) {
      make_folder(path / "weights");
      return RunFolder(path);
    }
    if (error) {
      fail(ErrorKind::kInternal, "cannot create the run folder {}: {}; choose another output.dir",
           path.string(), error.message());
    }
  }
}

RunFolder RunFolder::open(const fs::path& path) {
  require(fs::is_regular_file(path / "state.safetensors"),
          "{} is not a run to resume: it has no state.safetensors", path.string());
  return RunFolder(path);
}

std::optional<RunFolder> RunFolder::newest(const fs::path& root, const std::string& name) {
  std::error_code ignored;  // no such folder: no run
  std::optional<fs::path> newest;
  for (const fs::directory_entry& entry : fs::directory_iterator(root / name, ignored)) {
    const bool resumable = fs::is_regular_file(entry.path() / "state.safetensors");
    if (!resumable || !run_number(entry.path())) continue;
    if (!newest || run_number(*newest) < run_number(entry.path())) newest = entry.path();
  }
  if (!newest) return std::nullopt;
  return RunFolder(*newest);
}

fs::path RunFolder::weights(const std::string& which) const {
  return path_ / "weights" / (which + ".safetensors");
}

void RunFolder::require_space(uint64_t bytes) const {
  std::error_code error;
  const fs::space_info space = fs::space(path_, error);
  if (error || space.available >= bytes) return;  // some file systems cannot tell
  constexpr double kMegabyte = 1e6;
  fail(ErrorKind::kInternal,
       "the disk of {} is nearly full: the checkpoints of this run need about {:.1f} MB, {:.1f} MB "
       "are free; make room or choose another output.dir",
       path_.string(), static_cast<double>(bytes) / kMegabyte,
       static_cast<double>(space.available) / kMegabyte);
}

void RunFolder::write(const fs::path& relative, std::string_view bytes) const {
  const fs::path path = path_ / relative;
  if (relative.has_parent_path()) make_folder(path.parent_path());
  write_file_atomic(path, bytes);
}

void RunFolder::remove(const fs::path& relative) const {
  std::error_code error;
  fs::remove(path_ / relative, error);
  if (error) {
    fail(ErrorKind::kInternal, "cannot remove {}: {}", (path_ / relative).string(),
         error.message());
  }
}

}  // namespace weir
