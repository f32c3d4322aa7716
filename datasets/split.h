// Choosing pictures so that every class keeps its share.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace weir {

struct Split {
  std::vector<int> train, validation;  // indices, ascending; together every index once
};

// Puts round(fraction * labels.size()) pictures aside for validation. Each class gives its share
// rounded down, and the largest remainders give one more until the total is exact. Which pictures
// of a class: a random order fixed by `seed`. Throws kUsage unless 0 <= fraction < 1, kData when a
// label is outside [0, classes).
Split stratified_split(std::span<const int> labels, int classes, double fraction, uint64_t seed);

// The first pictures of each class, `count` in all, shared out as above: a smaller set for quick
// runs. Ascending. All of them when `count` is the size or more; throws kUsage when count < 1.
std::vector<int> stratified_limit(std::span<const int> labels, int classes, int count);

}  // namespace weir
