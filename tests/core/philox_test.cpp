#include "core/runtime/philox.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace weir {
namespace {

// Published vectors of Random123 (Salmon et al. 2011).
static_assert(philox4x32({0, 0, 0, 0}, {0, 0}) ==
              PhiloxBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
static_assert(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
                         {0xffffffff, 0xffffffff}) ==
              PhiloxBlock{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});

TEST(Philox, TheAddressDecides) {
  Philox a(1, Purpose::kTest, 2, 3), b(1, Purpose::kTest, 2, 3);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(a.next(), b.next());
  std::set<uint32_t> first;
  for (const Philox& stream :
       {Philox(1, Purpose::kTest, 2, 3), Philox(2, Purpose::kTest, 2, 3),
        Philox(1, Purpose::kInit, 2, 3), Philox(1, Purpose::kTest, 3, 3),
        Philox(1, Purpose::kTest, 2, 2), Philox(uint64_t{1} << 32 | 1, Purpose::kTest, 2, 3)}) {
    Philox copy = stream;
    first.insert(copy.next());
  }
  EXPECT_EQ(first.size(), 6u);
}

TEST(Philox, UniformMomentsAreWithinFiveStandardErrors) {
  constexpr int kCount = 100'000;
  Philox random(3, Purpose::kTest);
  double sum = 0, squares = 0;
  for (int i = 0; i < kCount; ++i) {
    const double value = random.uniform();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    sum += value;
    squares += value * value;
  }
  // mean 1/2 with s.e. sqrt(1/12/N); mean of squares 1/3 with s.e. sqrt((1/5 - 1/9)/N)
  EXPECT_NEAR(sum / kCount, 0.5, 5 * std::sqrt(1.0 / 12 / kCount));
  EXPECT_NEAR(squares / kCount, 1.0 / 3, 5 * std::sqrt((1.0 / 5 - 1.0 / 9) / kCount));
}

TEST(Philox, NormalMomentsAreWithinFiveStandardErrors) {
  constexpr int kCount = 100'000;
  Philox random(4, Purpose::kTest);
  double sum = 0, squares = 0;
  for (int i = 0; i < kCount; ++i) {
    const double value = random.normal();
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / kCount, 0, 5 / std::sqrt(kCount));
  EXPECT_NEAR(squares / kCount, 1, 5 * std::sqrt(2.0 / kCount));
}

TEST(Philox, BelowIsUnbiased) {
  constexpr int kCount = 60'000;
  Philox random(5, Purpose::kTest);
  std::array<int, 6> seen{};
  for (int i = 0; i < kCount; ++i) ++seen[random.below(6)];
  const double expected = kCount / 6.0, deviation = std::sqrt(expected * 5 / 6);
  for (int count : seen) EXPECT_NEAR(count, expected, 5 * deviation);
}

TEST(Philox, PermutationHoldsEachIndexOnce) {
  const std::vector<int> order = permutation(1000, Philox(6, Purpose::kTest));
  EXPECT_EQ(std::set<int>(order.begin(), order.end()).size(), 1000u);
  EXPECT_NE(order, permutation(1000, Philox(7, Purpose::kTest)));
  EXPECT_TRUE(permutation(0, Philox(6, Purpose::kTest)).empty());
}

}  // namespace
}  // namespace weir
