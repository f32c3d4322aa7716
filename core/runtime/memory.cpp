#include "core/runtime/memory.h"

#include "core/runtime/memory_use.h"
#include "core/runtime/recycler.h"
#include "core/runtime/step_run.h"

namespace weir {

std::shared_ptr<std::byte> allocate(size_t bytes) {
  StepRun* step = StepRun::active();
  return step ? step->allocate(bytes) : recycler().allocate(bytes);
}

MemoryStats memory_stats() {
  return {
      .in_use = memory_use().now(), .peak = memory_use().peak(), .waiting = recycler().waiting()};
}

void release_waiting_memory() { recycler().release(); }

}  // namespace weir
