#include "core/runtime/memory.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <map>
#include <mutex>
#include <new>
#include <vector>

#include <sys/mman.h>

namespace weir {
namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kHugePage = size_t{2} << 20;

// Sizes are rounded up to eight steps for each power of two, so that nearly equal requests share
// blocks and at most an eighth of a block is wasted.
size_t size_class(size_t bytes) {
  if (bytes <= kAlignment) return kAlignment;
  const size_t step = std::max(kAlignment, std::bit_floor(bytes - 1) / 8);
  return (bytes + step - 1) / step * step;
}

std::byte* fresh(size_t bytes) {
  const bool huge = bytes >= kHugePage;
  const size_t alignment = huge ? kHugePage : kAlignment;
  void* memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (!memory) throw std::bad_alloc();
  // First touch of 4 KiB pages costs more than the arithmetic on them; the advice may be refused.
  if (huge) ::madvise(memory, bytes, MADV_HUGEPAGE);
  return static_cast<std::byte*>(memory);
}

class Recycler {
 public:
  std::byte* take(size_t bytes) {
    {
      const std::lock_guard lock(mutex_);
      stats_.in_use += bytes;
      stats_.peak = std::max(stats_.peak, stats_.in_use);
      auto& blocks = waiting_[bytes];
      if (!blocks.empty()) {
        std::byte* block = blocks.back();
        blocks.pop_back();
        stats_.waiting -= bytes;
        return block;
      }
    }
    return fresh(bytes);
  }
  void give(std::byte* block, size_t bytes) {
    const std::lock_guard lock(mutex_);
    stats_.in_use -= bytes;
    stats_.waiting += bytes;
    waiting_[bytes].push_back(block);
  }
  void release() {
    const std::lock_guard lock(mutex_);
    for (auto& [bytes, blocks] : waiting_) {
      for (std::byte* block : blocks) std::free(block);
    }
    waiting_.clear();
    stats_.waiting = 0;
  }
  MemoryStats stats() {
    const std::lock_guard lock(mutex_);
    return stats_;
  }

 private:
  std::mutex mutex_;
  std::map<size_t, std::vector<std::byte*>> waiting_;
  MemoryStats stats_;
};

// Never destroyed: tensors in static storage may outlive every other static object.
Recycler& recycler() {
  static Recycler* instance = new Recycler;
  return *instance;
}

}  // namespace

std::shared_ptr<std::byte> allocate(size_t bytes) {
  const size_t rounded = size_class(bytes);
  return {recycler().take(rounded),
          [rounded](std::byte* block) { recycler().give(block, rounded); }};
}

MemoryStats memory_stats() { return recycler().stats(); }

void release_waiting_memory() { recycler().release(); }

}  // namespace weir
