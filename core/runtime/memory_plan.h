// Where blocks lie in one piece of memory when it is known how long each of them lives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir {

// One block: needed from moment `begin` to before moment `end`. Moments are counted, not measured.
struct Lifetime {
  size_t bytes = 0;
  int64_t begin = 0, end = 0;

  bool meets(const Lifetime& other) const { return begin < other.end && other.begin < end; }
};

struct MemoryPlan {
  std::vector<size_t> offsets;  // one for each lifetime
  size_t bytes = 0;             // of memory for all
};

// Blocks that are needed at the same moment do not overlap. The largest are placed first, each into
// the smallest gap that it fits. Offsets are multiples of 64 when all sizes are.
MemoryPlan plan_memory(std::span<const Lifetime> lifetimes);

// Most bytes needed at one moment: no plan can be smaller.
size_t most_needed(std::span<const Lifetime> lifetimes);

}  // namespace weir
