// What a step asked for, and when each block came back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <vector>

#include "core/runtime/memory_plan.h"

namespace weir {

// Blocks may come back on any thread, and after the step.
class StepLedger {
 public:
  static constexpr size_t kElsewhere = std::numeric_limits<size_t>::max();
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  // Enters a request that was answered with memory at `offset` of the step's block, or elsewhere.
  // Returns its number, counted from 0.
  size_t open(size_t bytes, size_t offset);
  void close(size_t request);

  // Somebody still holds a part of these bytes of the block.
  bool is_taken(size_t offset, size_t bytes) const;
  // Somebody still holds a part of the block.
  bool is_block_held() const;
  // All requests in their order; `end` is kNever for those that are still held.
  std::vector<Lifetime> lifetimes() const;

 private:
  mutable std::mutex mutex_;
  int64_t clock_ = 0;
  std::vector<Lifetime> requests_;
  std::vector<size_t> offsets_;  // one for each request
  std::vector<size_t> held_;     // requests in the block
};

}  // namespace weir
