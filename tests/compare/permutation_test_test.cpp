// Permutation tests against scipy.stats.permutation_test (SciPy 1.10.1, statistic |mean(a) -
// mean(b)|, alternative "greater", n_resamples infinite), and what must hold for any data.
#include "compare/statistics/permutation_test.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/train/expect_error.h"

namespace weir::testing {
namespace {

using Values = std::vector<double>;

const Values kA{0.9081, 0.9043, 0.9102, 0.9077, 0.9059}, kB{0.9012, 0.9050, 0.8998, 0.9021, 0.9035},
    kC{0.5, 0.7, 0.4};

TEST(PermutationTest, ExactLikeScipy) {
  EXPECT_DOUBLE_EQ(permutation_test(kA, kB).p, 0.015873015873015872);  // 4 of 252
  EXPECT_DOUBLE_EQ(permutation_test(kA, kC).p, 0.017857142857142856);  // 1 of 56
  EXPECT_DOUBLE_EQ(permutation_test(kC, Values{0.4, 0.45, 0.1, 0.3}).p, 0.14285714285714285);
}

TEST(PermutationTest, TiesCountAsEqualWhateverTheirRounding) {
  EXPECT_DOUBLE_EQ(permutation_test(Values{1, 2, 2, 3, 5}, Values{2, 2, 4, 1}).p,
                   0.8015873015873016);
  // 1 with two of the others that give at least 0.3, and the same the other way round: 10 of 20.
  // 0.1 + 0.2 is a little more than 0.3 + 0, which must count all the same.
  EXPECT_DOUBLE_EQ(permutation_test(Values{1, 0.1, 0.2}, Values{0.3, 0, 0}).p, 0.5);
}

TEST(PermutationTest, PairedLikeScipy) {
  EXPECT_DOUBLE_EQ(paired_permutation_test(Values{0.6, -0.2, 0.4, 0.9, 0.1, 0.5, 0.3}).p, 0.046875);
  EXPECT_DOUBLE_EQ(paired_permutation_test(Values{1, -1, 1, 1, 2, 0}).p, 0.3125);
  Values differences;
  for (size_t i = 0; i < kA.size(); ++i) differences.push_back(kA[i] - kB[i]);
  EXPECT_DOUBLE_EQ(paired_permutation_test(differences).p, 0.125);
}

TEST(PermutationTest, SaysHowManyWaysAndTheSmallestP) {
  const PermutationResult unpaired = permutation_test(kA, kB);
  EXPECT_TRUE(unpaired.exact);
  EXPECT_EQ(unpaired.ways, 252);
  EXPECT_DOUBLE_EQ(unpaired.smallest_p, 2.0 / 252);
  EXPECT_DOUBLE_EQ(permutation_test(kA, kC).smallest_p, 1.0 / 56);
  EXPECT_DOUBLE_EQ(smallest_paired_p(5), 0.0625);
  EXPECT_DOUBLE_EQ(smallest_unpaired_p(3, 3), 0.1);
  EXPECT_DOUBLE_EQ(smallest_unpaired_p(1, 1), 1);
  EXPECT_DOUBLE_EQ(smallest_unpaired_p(20, 20), 1e-5);  // drawn: 1 of 100,000
}

TEST(PermutationTest, SamplesApartReachTheSmallestP) {
  const Values low{1, 2, 3, 4}, high{11, 12, 13, 14};
  EXPECT_DOUBLE_EQ(permutation_test(low, high).p, smallest_unpaired_p(4, 4));
  EXPECT_DOUBLE_EQ(paired_permutation_test(high).p, smallest_paired_p(4));
}

TEST(PermutationTest, ExchangingTheSamplesChangesNothing) {
  EXPECT_EQ(permutation_test(kA, kC).p, permutation_test(kC, kA).p);
  EXPECT_EQ(permutation_test(kA, kA).p, 1);
}

// 12 against 12 has 2,704,156 ways, 698,234 of them hits (enumerated with NumPy): p = 0.258208. The
// standard error of 99,999 draws is sqrt(p (1 - p) / 99,999) = 0.00138; five of them are allowed.
TEST(PermutationTest, DrawsComeNearTheExactValue) {
  const Values a{0.2,    0.6207, 0.6546, 0.2706, -0.1784, -0.2795,
                 0.0603, 0.5285, 0.6947, 0.4061, -0.072,  -0.3},
      b{0.5,   0.1337,  -0.4284, -0.363, 0.2343, 0.4883,
        0.027, -0.4739, -0.2805, 0.3238, 0.4537, -0.0811};
  const PermutationResult drawn = permutation_test(a, b, {.draws = 99'999});
  EXPECT_FALSE(drawn.exact);
  EXPECT_NEAR(drawn.p, 0.258208, 5 * 0.00138);
  EXPECT_EQ(drawn.p, permutation_test(a, b, {.draws = 99'999}).p);  // the same draws again
  EXPECT_NE(drawn.p, permutation_test(a, b, {.draws = 99'999, .seed = 2}).p);
}

TEST(PermutationTest, DrawnFlipsComeNearTheExactValue) {
  const Values differences{0.6, -0.2, 0.4, 0.9, 0.1, 0.5, 0.3};
  const PermutationResult drawn =
      paired_permutation_test(differences, {.most_exact = 1, .draws = 20'000});
  EXPECT_FALSE(drawn.exact);
  // sqrt(0.047 * 0.953 / 20,000) = 0.0015
  EXPECT_NEAR(drawn.p, 0.046875, 5 * 0.0015);
}

TEST(PermutationTest, RefusesEmptySamples) {
  expect_error(ErrorKind::kUsage, "two samples", [] { permutation_test(Values{}, kA); });
  expect_error(ErrorKind::kUsage, "at least one pair", [] { paired_permutation_test(Values{}); });
}

}  // namespace
}  // namespace weir::testing
