#include "core/runtime/recycler.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <new>

#include <sys/mman.h>

#include "core/runtime/memory_use.h"
#include "core/runtime/pages.h"

namespace weir {
namespace {

constexpr size_t kAlignment = 64;

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

}  // namespace

std::shared_ptr<std::byte> Recycler::allocate(size_t bytes) {
  const size_t rounded = size_class(bytes);
  return {take(rounded), [this, rounded](std::byte* block) { give(block, rounded); }};
}

std::byte* Recycler::take(size_t rounded) {
  memory_use().add(rounded);
  {
    const std::lock_guard lock(mutex_);
    auto& blocks = blocks_[rounded];
    if (!blocks.empty()) {
      std::byte* block = blocks.back();
      blocks.pop_back();
      waiting_ -= rounded;
      return block;
    }
  }
  return fresh(rounded);
}

void Recycler::give(std::byte* block, size_t rounded) {
  memory_use().subtract(rounded);
  const std::lock_guard lock(mutex_);
  waiting_ += rounded;
  blocks_[rounded].push_back(block);
}

size_t Recycler::waiting() {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

void Recycler::release() {
  const std::lock_guard lock(mutex_);
  for (auto& [bytes, blocks] : blocks_) {
    for (std::byte* block : blocks) std::free(block);
  }
  blocks_.clear();
  waiting_ = 0;
}

// Never destroyed: tensors in static storage may outlive every other static object.
Recycler& recycler() {
  static Recycler* instance = new Recycler;
  return *instance;
}

}  // namespace weir
