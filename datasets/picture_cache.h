// Keeps the decoded pictures of an image folder in one file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace weir {

// File layout: "weir pictures 1\n", key, SHA-256 of the pixels (64 letters each), the pixels.
class PictureCache {
 public:
  // `key` is a SHA-256 in hex of everything that the pixels depend on.
  PictureCache(std::filesystem::path file, std::string key)
      : file_(std::move(file)), key_(std::move(key)) {}

  // The pixels, or nothing when the file is missing, has another key or size (the folder has
  // changed), or is damaged; then it warns.
  std::optional<std::vector<uint8_t>> load(uint64_t bytes) const;
  // Replaces the file, atomically. Only warns when that fails: the cache merely saves time.
  void store(const std::vector<uint8_t>& pixels) const;

 private:
  std::filesystem::path file_;
  std::string key_;
};

}  // namespace weir
