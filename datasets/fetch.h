// Gets a file of known checksum from the first of several mirrors that delivers it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/transfer.h"

namespace weir {

struct FetchOptions {
  std::vector<std::string> urls;  // mirrors, in the order to ask them; http, https, file
  std::filesystem::path destination;
  std::string md5;   // of the whole file
  int attempts = 3;  // at each mirror, each going on where the last one was cut
  TransferOptions transfer;
};

// Collects the bytes in `destination`.part, which a later call goes on with, checks the MD5, and
// only then renames it to `destination`. Does nothing when that file is there with the right sum.
// Returns false when transfer.progress stopped it.
// Throws kData with the reason of every mirror when none delivers, kInternal when the disk refuses.
bool fetch(const FetchOptions& options);

}  // namespace weir
