#include "datasets/picture_cache.h"

#include <string_view>

#include "core/base/digest.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"

namespace weir {
namespace {

constexpr std::string_view kMagic = "weir pictures 1\n";
constexpr size_t kDigestLetters = 64;
constexpr size_t kHeader = kMagic.size() + 2 * kDigestLetters;

}  // namespace

std::optional<std::vector<uint8_t>> PictureCache::load(uint64_t bytes) const {
  std::error_code missing;
  if (!std::filesystem::exists(file_, missing)) return std::nullopt;
  try {
    const std::string content = read_file(file_);
    const std::string_view view = content;
    if (!view.starts_with(std::string(kMagic) + key_)) return std::nullopt;
    const std::string_view pixels = view.substr(std::min(kHeader, view.size()));
    if (pixels.size() != bytes ||
        sha256_hex(pixels) != view.substr(kMagic.size() + kDigestLetters, kDigestLetters)) {
      log_warning("{} is damaged; the pictures are decoded again", file_.string());
      return std::nullopt;
    }
    return std::vector<uint8_t>(pixels.begin(), pixels.end());
  } catch (const Error& error) {
    log_warning("the pictures are decoded again: {}", error.what());
    return std::nullopt;
  }
}

void PictureCache::store(const std::vector<uint8_t>& pixels) const {
  const std::string_view view(reinterpret_cast<const char*>(pixels.data()), pixels.size());
  std::string content;
  content.reserve(kHeader + view.size());
  content.append(kMagic).append(key_).append(sha256_hex(view)).append(view);
  try {
    make_folder(file_.parent_path());
    write_file_atomic(file_, content);
  } catch (const Error& error) {
    log_warning("the decoded pictures are not cached: {}", error.what());
  }
}

}  // namespace weir
