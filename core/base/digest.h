// Checksums of files and buffers, as lower-case hexadecimal.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace weir {

enum class DigestKind { kMd5, kSha256 };

// Feed bytes, then read the checksum once.
class Digest {
 public:
  explicit Digest(DigestKind kind);
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  void update(const void* bytes, size_t count);
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string md5_hex(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

}  // namespace weir
