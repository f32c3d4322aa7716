// A labelled set of small pictures, all of it in memory: bytes in, batches out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace weir {

// Pictures of one size. pixels: uint8, row-major (count, channels, height, width).
struct Images {
  int channels = 3, height = 32, width = 32;
  std::vector<uint8_t> pixels;
  std::vector<int> labels;  // 0 .. classes-1

  int count() const { return static_cast<int>(labels.size()); }
  int64_t image_bytes() const { return int64_t{channels} * height * width; }
  std::span<const uint8_t> image(int i) const {
    return {pixels.data() + i * image_bytes(), static_cast<size_t>(image_bytes())};
  }
};

struct Dataset {
  std::string id;      // "cifar10", "synth10-v1", "cifar10-jpeg": what results are labelled with
  std::string source;  // where it came from: a path, or "built in"
  std::string sha256;  // of the pixels and labels of train, then test (see fingerprint)
  std::vector<std::string> classes;
  Images train, test;
};

// SHA-256 over train pixels, train labels (one byte each), test pixels, test labels.
std::string fingerprint(const Images& train, const Images& test);

// The pictures at `indices`, in that order.
Images subset(const Images& images, std::span<const int> indices);

// Keeps only the pictures at `indices`, which ascend. Unlike subset(), it needs no memory for a
// second copy.
void keep_only(Images& images, std::span<const int> indices);

}  // namespace weir
