// Ends of steps for which no memory is left.
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "core/runtime/memory.h"
#include "core/runtime/step_memory.h"

// Inlined, the free() below meets the `new` of a test, and GCC does not see that new is malloc()
// here.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace {
thread_local bool exhausted = false;
}

void* operator new(size_t bytes, const std::nothrow_t&) noexcept {
  return exhausted ? nullptr : std::malloc(bytes);
}
void* operator new(size_t bytes) {
  void* memory = operator new(bytes, std::nothrow);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace weir {
namespace {

void step(StepMemory& memory, size_t bytes, bool ends_exhausted = false) {
  {
    const StepMemory::Step step(memory, {.training = true, .images = 8});
    allocate(bytes).reset();
    exhausted = ends_exhausted;
  }
  exhausted = false;
}

TEST(StepMemoryWithoutMemory, TheNextStepIsWatchedAgain) {
  StepMemory memory;
  step(memory, 1000, true);
  EXPECT_EQ(memory.plans_made(), 0);
  step(memory, 1000);
  step(memory, 1000);
  EXPECT_EQ(memory.plans_made(), 1);
}

TEST(StepMemoryWithoutMemory, APlanThatNoLongerFitsIsDropped) {
  StepMemory memory;
  step(memory, 1000);
  step(memory, 3000, true);
  EXPECT_EQ(memory.plans_made(), 1);
  step(memory, 1000);  // would follow the plan of the first
  EXPECT_EQ(memory.plans_made(), 2);
}

}  // namespace
}  // namespace weir
