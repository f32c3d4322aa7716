// The best way to pair the members of two lists without crossing: a longest common subsequence
// whose pairs have a worth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace weir {

using IndexPair = std::pair<size_t, size_t>;

struct Matching {
  std::vector<IndexPair> pairs;  // both indices rise
  // Pairs of other matchings that are worth as much, and not in this one. Empty: it is the only
  // one.
  std::vector<IndexPair> alternatives;
};

// The worth of a pair is positive where it may be made, else 0; that of a matching is the sum. Of
// several best ones this is the first, comparing pair by pair.
Matching best_matching(size_t rows, size_t columns,
                       const std::function<int64_t(size_t row, size_t column)>& worth);

}  // namespace weir
