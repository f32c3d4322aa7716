#include "core/runtime/step_memory.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>
#include <sanitizer/asan_interface.h>

#include "core/runtime/memory.h"
#include "core/runtime/parallel.h"

namespace weir {
namespace {

using Block = std::shared_ptr<std::byte>;
constexpr StepKind kKind{.training = true, .images = 8};

Block filled(size_t bytes, int value) {
  Block block = allocate(bytes);
  std::memset(block.get(), value, bytes);
  return block;
}

bool holds(const Block& block, size_t bytes, int value) {
  return std::all_of(block.get(), block.get() + bytes,
                     [&](std::byte byte) { return byte == static_cast<std::byte>(value); });
}

// Two blocks that live together, then one of the size of both.
std::vector<const std::byte*> simple_step(StepMemory& memory) {
  const StepMemory::Step step(memory, kKind);
  Block a = filled(1000, 1), b = filled(5000, 2);
  EXPECT_TRUE(holds(a, 1000, 1));
  const std::vector<const std::byte*> first = {a.get(), b.get()};
  a.reset();
  b.reset();
  const Block c = filled(6000, 3);
  return {first[0], first[1], c.get()};
}

TEST(StepMemory, StepsFollowThePlanOfTheFirst) {
  StepMemory memory;
  simple_step(memory);
  EXPECT_EQ(memory.plans_made(), 1);
  EXPECT_EQ(memory.bytes(), 0u);  // none until it is needed
  const auto second = simple_step(memory), third = simple_step(memory);
  EXPECT_EQ(memory.plans_made(), 1);
  EXPECT_EQ(memory.bytes(), kHugePage);
  EXPECT_EQ(second, third);
  // 64-byte steps of 1000 + 5000 bytes are 1024 + 5056; the third block lies where both were.
  EXPECT_EQ(second[2], std::min(second[0], second[1]));
  for (const std::byte* block : second) {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block) % 64, 0u);
    EXPECT_LT(block - second[2], 6080);
  }
}

TEST(StepMemory, WhatOutlivesEveryStepIsNeverOverwritten) {
  StepMemory memory;
  std::vector<Block> kept;
  for (int i = 0; i < 5; ++i) {
    const StepMemory::Step step(memory, kKind);
    const Block before = filled(3000, 50 + i);
    kept.push_back(filled(3000, i));
    const Block after = filled(3000, 60 + i);
  }
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(holds(kept[static_cast<size_t>(i)], 3000, i));
  EXPECT_EQ(memory.plans_made(), 1);
}

TEST(StepMemory, WhatOutlivesAPlannedStepKeepsTheBlock) {
  StepMemory memory;
  simple_step(memory);
  simple_step(memory);
  Block kept;
  {
    const StepMemory::Step step(memory, kKind);
    Block a = filled(1000, 1);
    kept = filled(5000, 2);
    a.reset();
    const Block c = filled(6000, 3);  // its place is still taken
    EXPECT_TRUE(holds(kept, 5000, 2));
  }
  EXPECT_EQ(memory.bytes(), 0u);
  EXPECT_EQ(memory.plans_made(), 2);
  for (int i = 0; i < 3; ++i) simple_step(memory);
  EXPECT_TRUE(holds(kept, 5000, 2));
  kept.reset();
  simple_step(memory);
  EXPECT_GT(memory.bytes(), 0u);
}

// A buffer that is made on first use is asked for in the first step only.
TEST(StepMemory, WhatIsKeptOnceNeedNotBeAskedForAgain) {
  StepMemory memory;
  Block buffer;
  for (int i = 0; i < 4; ++i) {
    const StepMemory::Step step(memory, kKind);
    const Block gradient = filled(2000, 1);
    if (!buffer) buffer = filled(1500, 7);
    const Block scratch = filled(700, 2);
  }
  EXPECT_EQ(memory.plans_made(), 1);
  EXPECT_TRUE(holds(buffer, 1500, 7));
}

TEST(StepMemory, AChangedSequenceIsPlannedAnew) {
  StepMemory memory;
  for (int i = 0; i < 3; ++i) simple_step(memory);
  for (int i = 0; i < 3; ++i) {
    const StepMemory::Step step(memory, kKind);
    const Block a = filled(1000, 1), b = filled(9000, 2), c = filled(400, 3);
    EXPECT_TRUE(holds(a, 1000, 1) && holds(b, 9000, 2) && holds(c, 400, 3));
  }
  EXPECT_EQ(memory.plans_made(), 2);
}

TEST(StepMemory, AShorterSequenceIsPlannedAnew) {
  StepMemory memory;
  for (int i = 0; i < 2; ++i) simple_step(memory);
  for (int i = 0; i < 2; ++i) {
    const StepMemory::Step step(memory, kKind);
    const Block a = filled(1000, 1);
  }
  EXPECT_EQ(memory.plans_made(), 2);
}

TEST(StepMemory, KindsHaveTheirOwnPlansInOneBlock) {
  StepMemory memory;
  std::vector<const std::byte*> places;
  for (int i = 0; i < 3; ++i) {
    for (const int images : {32, 16}) {
      const StepMemory::Step step(memory, {.training = true, .images = images});
      const Block a = filled(static_cast<size_t>(images) * 1000, images);
      if (i == 2) places.push_back(a.get());
    }
  }
  EXPECT_EQ(memory.plans_made(), 2);
  EXPECT_EQ(places[0], places[1]);
}

TEST(StepMemory, LargeBlocksGrowTheMemory) {
  StepMemory memory;
  for (const size_t bytes : {3 * kHugePage, 7 * kHugePage}) {
    for (int i = 0; i < 2; ++i) {
      const StepMemory::Step step(memory, kKind);
      const Block a = filled(bytes, 1);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(a.get()) % kHugePage, 0u);
    }
    EXPECT_EQ(memory.bytes(), bytes);
  }
}

TEST(StepMemory, AnExceptionEndsTheStepAndNothingElse) {
  StepMemory memory;
  for (int i = 0; i < 2; ++i) simple_step(memory);
  Block kept;
  try {
    const StepMemory::Step step(memory, kKind);
    const Block a = filled(1000, 1);
    kept = filled(5000, 9);
    throw std::runtime_error("in the middle");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(memory.plans_made(), 1);  // half a step teaches nothing
  for (int i = 0; i < 2; ++i) simple_step(memory);
  EXPECT_EQ(memory.plans_made(), 1);
  EXPECT_TRUE(holds(kept, 5000, 9));
}

TEST(StepMemory, StepsOfTheSameMemoryDoNotShareIt) {
  StepMemory memory;
  for (int i = 0; i < 3; ++i) {
    const StepMemory::Step outer(memory, kKind);
    const Block a = filled(1000, 1);
    {
      const StepMemory::Step inner(memory, kKind);
      const Block b = filled(1000, 2), c = filled(1000, 3);
      EXPECT_TRUE(holds(b, 1000, 2));
    }
    const Block d = filled(1000, 4);
    EXPECT_TRUE(holds(a, 1000, 1));
  }
  EXPECT_EQ(memory.plans_made(), 1);
}

TEST(StepMemory, StepsOfTwoMemoriesNest) {
  StepMemory first, second;
  for (int i = 0; i < 3; ++i) {
    const StepMemory::Step outer(first, kKind);
    const Block a = filled(1000, 1);
    {
      const StepMemory::Step inner(second, kKind);
      const Block b = filled(2000, 2);
    }
    const Block c = filled(3000, 3);
    EXPECT_TRUE(holds(a, 1000, 1));
  }
  EXPECT_EQ(first.plans_made(), 1);
  EXPECT_EQ(second.plans_made(), 1);
}

TEST(StepMemory, ParallelWorkIsNotPartOfTheSequence) {
  set_threads(4);
  StepMemory memory;
  for (int i = 0; i < 4; ++i) {
    const StepMemory::Step step(memory, kKind);
    const Block a = filled(1000, 1);
    parallel_for(10 + 7 * i, [](int64_t item) {
      const Block scratch = filled(static_cast<size_t>(100 + 50 * item), 5);
      EXPECT_TRUE(holds(scratch, static_cast<size_t>(100 + 50 * item), 5));
    });
    EXPECT_TRUE(holds(a, 1000, 1));
  }
  EXPECT_EQ(memory.plans_made(), 1);
  set_threads(0);
}

TEST(StepMemory, BlocksMayComeBackOnAnotherThread) {
  set_threads(2);
  StepMemory memory;
  for (int i = 0; i < 4; ++i) {
    const StepMemory::Step step(memory, kKind);
    std::vector<Block> blocks = {filled(1000, 1), filled(2000, 2), filled(3000, 3)};
    parallel_for(3, [&](int64_t item) { blocks[static_cast<size_t>(item)].reset(); });
  }
  EXPECT_EQ(memory_stats().in_use, 0u);
  set_threads(0);
}

TEST(StepMemory, StatisticsCountPlannedBlocks) {
  StepMemory memory;
  simple_step(memory);
  const size_t before = memory_stats().in_use;
  {
    const StepMemory::Step step(memory, kKind);
    const Block a = allocate(1000);
    EXPECT_EQ(memory_stats().in_use, before + 1024);
  }
  EXPECT_EQ(memory_stats().in_use, before);
}

#if defined(__SANITIZE_ADDRESS__)
TEST(StepMemory, UseAfterFreeIsSeenWithinTheBlock) {
  StepMemory memory;
  simple_step(memory);
  const StepMemory::Step step(memory, kKind);
  Block a = allocate(1000);
  const std::byte* address = a.get();
  EXPECT_FALSE(__asan_address_is_poisoned(address));
  a.reset();
  EXPECT_TRUE(__asan_address_is_poisoned(address));
}
#endif

TEST(StepMemory, BlocksOutliveTheMemoryItself) {
  Block kept;
  {
    StepMemory memory;
    simple_step(memory);
    const StepMemory::Step step(memory, kKind);
    kept = filled(1000, 4);
  }
  EXPECT_TRUE(holds(kept, 1000, 4));
}

}  // namespace
}  // namespace weir
