#include "core/runtime/memory.h"

#include <cstdint>
#include <cstring>

#include <gtest/gtest.h>

#include "core/runtime/parallel.h"

namespace weir {
namespace {

TEST(Memory, IsAlignedAndWritable) {
  for (size_t bytes : {size_t{1}, size_t{63}, size_t{64}, size_t{1000}, size_t{3} << 20}) {
    const auto block = allocate(bytes);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block.get()) % 64, 0u);
    std::memset(block.get(), 1, bytes);
  }
}

TEST(Memory, FreedBlocksAreUsedAgain) {
  release_waiting_memory();
  auto block = allocate(100'000);
  const std::byte* address = block.get();
  block.reset();
  EXPECT_GE(memory_stats().waiting, 100'000u);
  // A slightly smaller request falls into the same size class.
  const auto again = allocate(99'000);
  EXPECT_EQ(again.get(), address);
  EXPECT_EQ(memory_stats().waiting, 0u);
}

TEST(Memory, StatisticsFollowOwners) {
  const size_t before = memory_stats().in_use;
  {
    const auto block = allocate(4096);
    EXPECT_GE(memory_stats().in_use, before + 4096);
    EXPECT_GE(memory_stats().peak, memory_stats().in_use);
  }
  EXPECT_EQ(memory_stats().in_use, before);
}

TEST(Memory, ThreadsMayAllocateTogether) {
  set_threads(4);
  parallel_for(200, [](int64_t i) {
    const auto block = allocate(static_cast<size_t>(64 + i));
    std::memset(block.get(), static_cast<int>(i), static_cast<size_t>(64 + i));
  });
  set_threads(0);
}

}  // namespace
}  // namespace weir
