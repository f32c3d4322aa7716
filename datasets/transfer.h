// One download attempt through libcurl, appended to a file that may hold the beginning already.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace weir {

struct TransferOptions {
  int connect_seconds = 20;              // to reach the server
  int stall_seconds = 60;                // without a single byte
  int64_t max_bytes = int64_t{1} << 30;  // of the whole file
  // Called from time to time with the bytes of the file so far and in total (0: not known). False
  // stops the transfer.
  std::function<bool(int64_t done, int64_t total)> progress = {};
};

enum class TransferStatus {
  kEnded,    // the server says that this was all; the checksum decides
  kCut,      // worth another try: connection lost, server silent
  kRefused,  // no use to try again here: 404, unknown host, too large
  kStopped,  // by `progress`
};

struct TransferResult {
  TransferStatus status;
  std::string reason;  // of kCut and kRefused
};

// Asks `url` (http, https or file) for the bytes after those in `part`, and appends them. A server
// that does not know ranges sends all of it, and the file starts again from nothing.
// Throws kInternal when the file cannot be written, with what it has got so far kept.
TransferResult transfer(const std::string& url, const std::filesystem::path& part,
                        const TransferOptions& options);

}  // namespace weir
