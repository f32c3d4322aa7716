// One comparison at a time in a folder.
#pragma once

#include <filesystem>

namespace weir {

// Held by this process and by every program that it starts afterwards, until the last of them has
// ended: also what a killed comparison has left running is waited for.
class FolderLock {
 public:
  // Makes the folder, and waits up to `patience_s` seconds for others. Throws kUsage when they go
  // on, kInternal when the folder cannot be written to.
  explicit FolderLock(const std::filesystem::path& folder, double patience_s = 20);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace weir
