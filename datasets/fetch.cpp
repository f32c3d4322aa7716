#include "datasets/fetch.h"

#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "datasets/archive.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

bool has_md5(const fs::path& path, const std::string& md5) {
  std::error_code error;
  return fs::is_regular_file(path, error) && file_md5(path) == md5;
}

void rename_part(const fs::path& part, const fs::path& destination) {
  std::error_code error;
  fs::rename(part, destination, error);
  if (error) {
    fail(ErrorKind::kInternal, "cannot rename {} to {}: {}", part.string(), destination.string(),
         error.message());
  }
}

void remove_when_empty(const fs::path& part) {
  std::error_code error;
  if (fs::file_size(part, error) == 0 && !error) fs::remove(part, error);
}

// Tries one mirror until `part` has the right sum.
TransferResult ask_mirror(const std::string& url, const fs::path& part,
                          const FetchOptions& options) {
  TransferResult result{TransferStatus::kRefused, "not tried"};
  for (int attempt = 0; attempt < options.attempts; ++attempt) {
    std::error_code error;
    const bool resumed = fs::exists(part, error) && fs::file_size(part, error) > 0;
    result = transfer(url, part, options.transfer);
    if (result.status == TransferStatus::kCut) {
      log_debug("{}: {}; going on from there", url, result.reason);
      continue;
    }
    if (result.status != TransferStatus::kEnded) return result;
    const std::string found = file_md5(part);
    if (found == options.md5) return result;
    fs::remove(part, error);
    result = {TransferStatus::kRefused,
              fmt::format("expected MD5 {}, found {}", options.md5, found)};
    // The beginning may have been the wrong one: once more from nothing.
    if (!resumed) return result;
  }
  return result;
}

}  // namespace

bool fetch(const FetchOptions& options) {
  require(!options.urls.empty(), "fetch: expected at least one address to get {} from",
          options.destination.string());
  if (has_md5(options.destination, options.md5)) return true;
  if (options.destination.has_parent_path()) make_folder(options.destination.parent_path());
  const fs::path part = options.destination.string() + ".part";
  std::string reasons;
  for (const std::string& url : options.urls) {
    const TransferResult result = ask_mirror(url, part, options);
    if (result.status == TransferStatus::kStopped) return false;
    if (result.status == TransferStatus::kEnded) {
      rename_part(part, options.destination);
      return true;
    }
    log_info("{}: {}", url, result.reason);
    reasons += fmt::format("\n  {}: {}", url, result.reason);
  }
  remove_when_empty(part);
  fail(
      ErrorKind::kData,
      "no mirror delivered {}:{}\nCall again to go on where it stopped, or get the file in another "
      "way (md5 {}) and put it there",
      options.destination.string(), reasons, options.md5);
}

}  // namespace weir
