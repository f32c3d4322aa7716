#include "datasets/picture_cache.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <vector>

#include "core/base/digest.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"

namespace weir {
namespace {

constexpr std::string_view kMagic = "weir pictures 1\n";
constexpr size_t kDigestLetters = 64;
constexpr size_t kHeader = kMagic.size() + 2 * kDigestLetters;

// Up to kHeader bytes.
std::string read_header(std::istream& in) {
  std::string header(kHeader, '\0');
  in.read(header.data(), static_cast<std::streamsize>(kHeader));
  header.resize(static_cast<size_t>(in.gcount()));
  return header;
}

// The SHA-256 of the pictures, or nothing unless they are the whole rest of the stream.
std::string read_pictures(std::istream& in, PicturePlaces pictures) {
  Digest digest(DigestKind::kSha256);
  for (const std::span<uint8_t> picture : pictures) {
    in.read(reinterpret_cast<char*>(picture.data()), static_cast<std::streamsize>(picture.size()));
    digest.update(picture.data(), picture.size());
  }
  const bool whole = in && in.peek() == std::istream::traits_type::eof();
  return whole ? digest.hex() : "";
}

}  // namespace

bool PictureCache::load(PicturePlaces pictures) const {
  std::error_code missing;
  if (!std::filesystem::exists(file_, missing)) return false;
  std::ifstream in(file_, std::ios::binary);
  if (!in) {
    log_warning("the pictures are decoded again: cannot read {}: {}", file_.string(),
                std::strerror(errno));
    return false;
  }
  const std::string header = read_header(in);
  if (!header.starts_with(std::string(kMagic) + key_)) return false;
  if (header.substr(kMagic.size() + kDigestLetters) != read_pictures(in, pictures)) {
    log_warning("{} is damaged; the pictures are decoded again", file_.string());
    return false;
  }
  return true;
}

void PictureCache::store(PicturePlaces pictures) const {
  Digest digest(DigestKind::kSha256);
  std::vector<std::string_view> pieces{{}};  // the header needs the digest of all that follows it
  for (const std::span<uint8_t> picture : pictures) {
    digest.update(picture.data(), picture.size());
    pieces.emplace_back(reinterpret_cast<const char*>(picture.data()), picture.size());
  }
  const std::string header = std::string(kMagic) + key_ + digest.hex();
  pieces.front() = header;
  try {
    make_folder(file_.parent_path());
    write_file_atomic(file_, pieces);
  } catch (const Error& error) {
    log_warning("the decoded pictures are not cached: {}", error.what());
  }
}

}  // namespace weir
