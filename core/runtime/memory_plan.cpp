#include "core/runtime/memory_plan.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace weir {
namespace {

class Planner {
 public:
  explicit Planner(std::span<const Lifetime> lifetimes) : lifetimes_(lifetimes) {
    plan_.offsets.resize(lifetimes.size());
  }

  void place(size_t block) {
    const size_t bytes = lifetimes_[block].bytes, offset = best_gap(lifetimes_[block]);
    plan_.offsets[block] = offset;
    plan_.bytes = std::max(plan_.bytes, offset + bytes);
    const auto at =
        std::upper_bound(by_offset_.begin(), by_offset_.end(), offset,
                         [&](size_t value, size_t other) { return value < plan_.offsets[other]; });
    by_offset_.insert(at, block);
  }

  MemoryPlan finish() { return std::move(plan_); }

 private:
  // The offset of the smallest gap, between those that it meets, that holds `block`.
  size_t best_gap(const Lifetime& block) const {
    size_t gap_begin = 0, best = 0, smallest = std::numeric_limits<size_t>::max();
    for (const size_t other : by_offset_) {
      if (!lifetimes_[other].meets(block)) continue;
      const size_t gap_end = plan_.offsets[other];
      const size_t gap = gap_end > gap_begin ? gap_end - gap_begin : 0;
      if (gap >= block.bytes && gap < smallest) {
        smallest = gap;
        best = gap_begin;
      }
      gap_begin = std::max(gap_begin, gap_end + lifetimes_[other].bytes);
    }
    return smallest == std::numeric_limits<size_t>::max() ? gap_begin : best;
  }

  std::span<const Lifetime> lifetimes_;
  std::vector<size_t> by_offset_;  // the blocks that have a place
  MemoryPlan plan_;
};

}  // namespace

MemoryPlan plan_memory(std::span<const Lifetime> lifetimes) {
  std::vector<size_t> largest_first(lifetimes.size());
  std::iota(largest_first.begin(), largest_first.end(), size_t{0});
  std::stable_sort(largest_first.begin(), largest_first.end(),
                   [&](size_t a, size_t b) { return lifetimes[a].bytes > lifetimes[b].bytes; });
  Planner planner(lifetimes);
  for (const size_t block : largest_first) planner.place(block);
  return planner.finish();
}

size_t most_needed(std::span<const Lifetime> lifetimes) {
  size_t most = 0;
  for (const Lifetime& now : lifetimes) {  // a new maximum comes with a new block
    size_t sum = 0;
    for (const Lifetime& other : lifetimes) {
      if (other.begin <= now.begin && now.begin < other.end) sum += other.bytes;
    }
    most = std::max(most, sum);
  }
  return most;
}

}  // namespace weir
