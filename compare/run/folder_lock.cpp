#include "compare/run/folder_lock.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/base/stopwatch.h"

namespace weir {

FolderLock::FolderLock(const std::filesystem::path& folder, double patience_s) {
  make_folder(folder);
  const std::filesystem::path file = folder / "lock";
  // Without O_CLOEXEC: programs started from here are to hold it too.
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT, 0644);
  if (descriptor_ < 0) {
    fail(ErrorKind::kInternal, "cannot open {}: {}", file.string(), std::strerror(errno));
  }
  const Stopwatch watch;
  bool told = false;
  while (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (watch.seconds() > patience_s) {
      ::close(descriptor_);
      fail(ErrorKind::kUsage, "another comparison is at work in {}: wait for it, or stop it",
           folder.string());
    }
    if (!told) log_info("waiting for another comparison in {} to end ..", folder.string());
    told = true;
    constexpr std::chrono::milliseconds kPause{100};
    std::this_thread::sleep_for(kPause);
  }
}

FolderLock::~FolderLock() { ::close(descriptor_); }

}  // namespace weir
