// Against all matchings of small lists, one by one.
#include "layers/best_matching.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "core/runtime/philox.h"

namespace weir {
namespace {

using Pairs = std::vector<IndexPair>;
using Table = std::vector<std::vector<int64_t>>;

// Appends every matching that begins with `pairs` and goes on from row i and column j.
void enumerate(const Table& worth, size_t i, size_t j, const Pairs& pairs,
               std::vector<Pairs>& all) {
  all.push_back(pairs);
  for (size_t row = i; row < worth.size(); ++row) {
    for (size_t column = j; column < worth[row].size(); ++column) {
      if (worth[row][column] == 0) continue;
      Pairs longer = pairs;
      longer.emplace_back(row, column);
      enumerate(worth, row + 1, column + 1, longer, all);
    }
  }
}

int64_t worth_of(const Table& worth, const Pairs& pairs) {
  int64_t sum = 0;
  for (const auto& [row, column] : pairs) sum += worth[row][column];
  return sum;
}

TEST(BestMatching, EqualsTheBestOfAll) {
  Philox random(7, Purpose::kTest, 0);
  for (int round = 0; round < 300; ++round) {
    const size_t rows = random.below(6), columns = random.below(5);
    Table worth(rows, std::vector<int64_t>(columns));
    for (auto& row : worth) {
      for (int64_t& cell : row) cell = std::max<int64_t>(0, int64_t{random.below(5)} - 2);
    }
    std::vector<Pairs> all;
    enumerate(worth, 0, 0, {}, all);
    int64_t best = 0;
    for (const Pairs& pairs : all) best = std::max(best, worth_of(worth, pairs));
    std::erase_if(all, [&](const Pairs& pairs) { return worth_of(worth, pairs) < best; });

    const Matching found =
        best_matching(rows, columns, [&](size_t i, size_t j) { return worth[i][j]; });
    // A matching of nothing comes after one with a pair: a longer one is compared as if its end
    // were the highest pair.
    const auto comes_first = [](Pairs a, Pairs b) {
      a.emplace_back(99, 99);
      b.emplace_back(99, 99);
      return a < b;
    };
    EXPECT_EQ(found.pairs, *std::min_element(all.begin(), all.end(), comes_first));
    std::set<IndexPair> others;
    for (const Pairs& pairs : all) others.insert(pairs.begin(), pairs.end());
    for (const IndexPair& pair : found.pairs) others.erase(pair);
    EXPECT_EQ(std::set<IndexPair>(found.alternatives.begin(), found.alternatives.end()), others);
    EXPECT_EQ(found.alternatives.size(), others.size());
  }
}

}  // namespace
}  // namespace weir
