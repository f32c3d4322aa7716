#include "core/runtime/pages.h"

#include <cstdint>
#include <new>

#include <sanitizer/asan_interface.h>
#include <sys/mman.h>

namespace weir {
namespace {

size_t round_up(size_t bytes) { return (bytes + kHugePage - 1) / kHugePage * kHugePage; }

// mmap() aligns to small pages only: maps more than is needed and cuts off both ends.
std::byte* map_aligned(size_t bytes) {
  const size_t mapped = bytes + kHugePage;
  void* memory =
      ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  auto* begin = static_cast<std::byte*>(memory);
  const size_t before = (kHugePage - reinterpret_cast<uintptr_t>(begin) % kHugePage) % kHugePage;
  const size_t behind = mapped - before - bytes;
  if (before > 0) ::munmap(begin, before);
  if (behind > 0) ::munmap(begin + before + bytes, behind);
  return begin + before;
}

}  // namespace

Pages::Pages(size_t bytes) : size_(round_up(bytes)), data_(map_aligned(size_)) {
  ::madvise(data_, size_, MADV_HUGEPAGE);  // may be refused
}

Pages::~Pages() {
  mark_used(data_, size_);  // whoever gets these addresses next must not find old marks
  ::munmap(data_, size_);
}

void mark_unused(const std::byte* memory, size_t bytes) {
  ASAN_POISON_MEMORY_REGION(memory, bytes);
}

void mark_used(const std::byte* memory, size_t bytes) {
  ASAN_UNPOISON_MEMORY_REGION(memory, bytes);
}

}  // namespace weir
