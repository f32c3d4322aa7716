// Memory straight from the operating system: for blocks that are large or live long.
#pragma once

#include <cstddef>

namespace weir {

constexpr size_t kHugePage = size_t{2} << 20;

// At least `bytes` bytes, zero, aligned to a huge page; huge pages are asked for, as first touch of
// 4 KiB pages costs more than the arithmetic on them. Goes back to the system with the object.
class Pages {
 public:
  explicit Pages(size_t bytes);  // throws std::bad_alloc
  ~Pages();
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  std::byte* data() const { return data_; }
  size_t size() const { return size_; }  // a multiple of kHugePage

 private:
  size_t size_;
  std::byte* data_;
};

// Tell AddressSanitizer, where it runs, whether a part of a block is in anybody's hands.
void mark_unused(const std::byte* memory, size_t bytes);
void mark_used(const std::byte* memory, size_t bytes);

}  // namespace weir
