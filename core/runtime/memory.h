// Memory for tensors: 64-byte aligned, recycled. A training step asks for the same sizes again and
// again, and fresh pages cost more than the arithmetic on them, so freed blocks wait for reuse. See
// step_memory.h for steps whose memory is planned.
#pragma once

#include <cstddef>
#include <memory>

namespace weir {

// At least `bytes` bytes; the content is undefined. Goes back to where it came from (the plan of
// the step under way, or the recycler) with the last owner.
std::shared_ptr<std::byte> allocate(size_t bytes);

struct MemoryStats {
  size_t in_use = 0;   // bytes handed out now
  size_t peak = 0;     // most bytes handed out at once
  size_t waiting = 0;  // bytes that the recycler keeps for reuse
};
MemoryStats memory_stats();

// Gives waiting blocks back to the operating system.
void release_waiting_memory();

}  // namespace weir
