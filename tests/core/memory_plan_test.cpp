#include "core/runtime/memory_plan.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "core/runtime/philox.h"

namespace weir {
namespace {

// Random blocks, some alive for long: sizes from 64 to 64 * 1000 bytes.
std::vector<Lifetime> random_lifetimes(int count, uint64_t seed) {
  Philox random(seed, Purpose::kTest);
  std::vector<Lifetime> list;
  for (int i = 0; i < count; ++i) {
    const auto begin = static_cast<int64_t>(random.below(200));
    const auto length = static_cast<int64_t>(1 + random.below(random.below(4) == 0 ? 150 : 10));
    list.push_back({64 * (1 + random.below(1000)), begin, begin + length});
  }
  return list;
}

void expect_no_overlap(const std::vector<Lifetime>& list, const MemoryPlan& plan) {
  ASSERT_EQ(plan.offsets.size(), list.size());
  for (size_t a = 0; a < list.size(); ++a) {
    EXPECT_LE(plan.offsets[a] + list[a].bytes, plan.bytes);
    EXPECT_EQ(plan.offsets[a] % 64, 0u);
    for (size_t b = 0; b < a; ++b) {
      const bool together = list[a].begin < list[b].end && list[b].begin < list[a].end;
      const bool apart = plan.offsets[a] + list[a].bytes <= plan.offsets[b] ||
                         plan.offsets[b] + list[b].bytes <= plan.offsets[a];
      EXPECT_TRUE(!together || apart) << "blocks " << a << " and " << b;
    }
  }
}

TEST(MemoryPlan, BlocksOfTheSameMomentDoNotOverlap) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const auto list = random_lifetimes(80, seed);
    const MemoryPlan plan = plan_memory(list);
    expect_no_overlap(list, plan);
    EXPECT_GE(plan.bytes, most_needed(list));
  }
}

TEST(MemoryPlan, BlocksThatFollowEachOtherShareAPlace) {
  const std::vector<Lifetime> list = {{640, 0, 1}, {128, 1, 2}, {640, 2, 3}};
  const MemoryPlan plan = plan_memory(list);
  EXPECT_EQ(plan.offsets, (std::vector<size_t>{0, 0, 0}));
  EXPECT_EQ(plan.bytes, 640u);
}

// Forward keeps an output for each layer and some scratch meanwhile; backward frees in the opposite
// order, with a gradient passed from layer to layer. Nothing of the least possible is wasted.
TEST(MemoryPlan, TrainingNeedsNoMoreThanItsBusiestMoment) {
  constexpr int kLayers = 6;
  std::vector<Lifetime> list;
  const auto size = [](int layer) { return size_t{64 * 64} >> layer; };
  for (int i = 0; i < kLayers; ++i) {
    list.push_back({size(i), 2 * i, 4 * kLayers - 2 * i});                        // output
    list.push_back({640, 2 * i + 1, 2 * i + 2});                                  // scratch
    list.push_back({size(i), 4 * kLayers - 2 * i - 2, 4 * kLayers - 2 * i + 1});  // gradient
  }
  const MemoryPlan plan = plan_memory(list);
  expect_no_overlap(list, plan);
  EXPECT_EQ(plan.bytes, most_needed(list));
}

TEST(MemoryPlan, TheSmallestGapIsTaken) {
  // At moment 1, gaps of 256 and 128 bytes lie between three blocks that stay.
  const std::vector<Lifetime> list = {{1024, 0, 3}, {512, 0, 3}, {256, 0, 1}, {384, 0, 3},
                                      {128, 0, 1},  {320, 0, 3}, {64, 1, 2}};
  const MemoryPlan plan = plan_memory(list);
  expect_no_overlap(list, plan);
  EXPECT_EQ(plan.bytes, most_needed(list));
}

TEST(MemoryPlan, NothingNeedsNothing) {
  EXPECT_EQ(plan_memory({}).bytes, 0u);
  EXPECT_EQ(most_needed({}), 0u);
}

}  // namespace
}  // namespace weir
