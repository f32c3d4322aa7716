// Keeps the decoded pictures of an image folder in one file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

namespace weir {

// Where the pixels of each picture lie. There may be a gigabyte of them: they are read and written
// in place, not copied.
using PicturePlaces = std::span<const std::span<uint8_t>>;

// File layout: "weir pictures 1\n", key, SHA-256 of the pixels (64 letters each), the pixels.
class PictureCache {
 public:
  // `key` is a SHA-256 in hex of everything that the pixels depend on.
  PictureCache(std::filesystem::path file, std::string key)
      : file_(std::move(file)), key_(std::move(key)) {}

  // Fills the pictures. False, with anything in them, when the file is missing, has another key or
  // size (the folder has changed), or is damaged; then it warns.
  bool load(PicturePlaces pictures) const;
  // Replaces the file, atomically. Only warns when that fails: the cache merely saves time.
  void store(PicturePlaces pictures) const;

 private:
  std::filesystem::path file_;
  std::string key_;
};

}  // namespace weir
