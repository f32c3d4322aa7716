// Means, intervals and detectable differences against SciPy 1.10.1: scipy.stats.t.cdf, quantiles
// solved from it by Newton's method (t.ppf itself is only good to 1e-10), and with them the
// interval of a mean, and Welch's interval. The formula of smallest_difference.h with quantiles
// from the closed sums for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4), in
// 40 digits.
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "compare/statistics/holm.h"
#include "compare/statistics/permutation_test.h"
#include "compare/statistics/smallest_difference.h"
#include "compare/statistics/student_t.h"
#include "tests/train/expect_error.h"

namespace weir::testing {
namespace {

// Both programs work in double; the continued fraction ends at a relative 1e-15, and lgamma's error
// in its exponent is the largest part.
constexpr double kRelative = 1e-11;

void expect_close(double found, double expected) {
  EXPECT_NEAR(found, expected, kRelative * std::abs(expected)) << "expected " << expected;
}

TEST(StudentT, DistributionFunction) {
  const struct {
    double t, df, p;
  } rows[] = {{0.3, 1, 0.5927735790777423},     {2.0, 3, 0.9303370157205785},
              {-1.7, 4.6, 0.07747576008445535}, {2.776, 4, 0.9749886108400118},
              {6.5, 8, 0.999905947989392},      {-0.01, 2.5, 0.49638199717895415},
              {1.0, 200, 0.8407405760451265}};
  for (const auto& row : rows) expect_close(student_t_cdf(row.t, row.df), row.p);
  EXPECT_EQ(student_t_cdf(0, 5), 0.5);
  EXPECT_EQ(student_t_cdf(1e300, 5), 1);
}

TEST(StudentT, Quantile) {
  const struct {
    double p, df, t;
  } rows[] = {{0.975, 1, 12.70620473617469},   {0.975, 4, 2.7764451051977943},
              {0.8, 8, 0.8888895177670201},    {0.995, 2, 9.924843200918295},
              {0.9, 3.7, 1.5575658388615066},  {0.025, 9, -2.262157162798205},
              {0.99375, 8, 3.205955453322931}, {0.6, 30, 0.25560536495191283}};
  for (const auto& row : rows) expect_close(student_t_quantile(row.p, row.df), row.t);
}

TEST(StudentT, RefusesWhatHasNoAnswer) {
  for (const double p : {0.0, 1.0, -0.5, 2.0}) {
    expect_error(ErrorKind::kUsage, "a probability between 0 and 1",
                 [&] { student_t_quantile(p, 4); });
  }
  expect_error(ErrorKind::kUsage, "degrees of freedom", [] { student_t_quantile(0.9, 0); });
}

const std::vector<double> kA{0.9081, 0.9043, 0.9102, 0.9077, 0.9059},
    kB{0.9012, 0.9050, 0.8998, 0.9021, 0.9035}, kC{0.5, 0.7, 0.4},
    kDifferences{0.6, -0.2, 0.4, 0.9, 0.1, 0.5, 0.3};

TEST(Sample, MeanDeviationInterval) {
  const struct {
    const std::vector<double>& values;
    double mean, deviation, low, high;
  } rows[] = {
      {kA, 0.90724, 0.0022445489524623857, 0.9044530243735215, 0.9100269756264786},
      {kB, 0.90232, 0.002014199592890427, 0.8998190408803112, 0.9048209591196886},
      {kC, 0.5333333333333333, 0.15275252316519464, 0.15387502997365748, 0.9127916366930091}};
  for (const auto& row : rows) {
    const SampleSummary summary = summarize_sample(row.values);
    expect_close(summary.mean, row.mean);
    expect_close(summary.deviation, row.deviation);
    ASSERT_TRUE(summary.interval);
    expect_close(summary.interval->low, row.low);
    expect_close(summary.interval->high, row.high);
  }
  EXPECT_EQ(summarize_sample(kC).smallest, 0.4);
  EXPECT_EQ(summarize_sample(kC).largest, 0.7);
}

TEST(Sample, OneValueHasNoInterval) {
  const std::vector<double> one{0.25};
  const SampleSummary summary = summarize_sample(one);
  EXPECT_EQ(summary.mean, 0.25);
  EXPECT_EQ(summary.deviation, 0);
  EXPECT_FALSE(summary.interval);
  EXPECT_FALSE(interval_of_difference(summary, summarize_sample(kA)));
  expect_error(ErrorKind::kUsage, "at least one value",
               [] { summarize_sample(std::vector<double>{}); });
}

TEST(Sample, WelchInterval) {
  const SampleSummary a = summarize_sample(kA), b = summarize_sample(kB), c = summarize_sample(kC);
  const std::optional<Interval> near = interval_of_difference(a, b);
  expect_close(near->low, 0.0018035756458435336);
  expect_close(near->high, 0.00803642435415676);
  const std::optional<Interval> far = interval_of_difference(a, c);
  expect_close(far->low, -0.0054820299332074);
  expect_close(far->high, 0.7532953632665409);
}

TEST(Sample, EqualValuesHaveAnIntervalOfNoWidth) {
  const std::vector<double> same{0.5, 0.5};
  const std::optional<Interval> interval =
      interval_of_difference(summarize_sample(same), summarize_sample(same));
  EXPECT_EQ(interval->low, 0);
  EXPECT_EQ(interval->high, 0);
}

TEST(SmallestDifference, IsTheFormula) {
  const SampleSummary a = summarize_sample(kA), b = summarize_sample(kB);
  expect_close(*smallest_difference(a, b, 0.001, {.alpha = 0.05, .power = 0.8}),
               0.004308962912401782);
  expect_close(*smallest_difference(a, b, 0.0025, {.alpha = 0.0125, .power = 0.9}),
               0.006207771108092326);
  expect_close(*smallest_paired_difference(summarize_sample(kDifferences), 0.001,
                                           {.alpha = 0.05, .power = 0.8}),
               0.4492902534869628);
}

// Of 252 ways two give the smallest p: within 0.05 are 12 of them, within 0.0125 two. Of 128, six.
TEST(SmallestDifference, IsOfTheLargestPWithinAlpha) {
  const SampleSummary a = summarize_sample(kA), b = summarize_sample(kB);
  expect_close(*smallest_difference(a, b, 2.0 / 252, {.alpha = 0.05, .power = 0.8}),
               0.004351115750922042);
  expect_close(*smallest_difference(a, b, 2.0 / 252, {.alpha = 0.0125, .power = 0.9}),
               0.006620742971476865);
  expect_close(*smallest_paired_difference(summarize_sample(kDifferences), 2.0 / 128,
                                           {.alpha = 0.05, .power = 0.8}),
               0.45566933624157);
}

// How often the permutation test shows a true difference of that size, deviations known. 2,000
// trials have a standard deviation of 0.01 at most, so three of them are allowed.
double share_shown(int n, double alpha, double difference) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  constexpr int kTrials = 2000;
  int shown = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<double> a, b;
    for (int i = 0; i < n; ++i) a.push_back(normal(random) + difference);
    for (int i = 0; i < n; ++i) b.push_back(normal(random));
    if (permutation_test(a, b).p <= alpha) ++shown;
  }
  return static_cast<double>(shown) / kTrials;
}

TEST(SmallestDifference, IsShownAboutAsOftenAsAsked) {
  const SampleSummary sample{.count = 5, .deviation = 1};
  const auto share = [&](double alpha) {
    const double smallest_p = smallest_unpaired_p(5, 5);
    return share_shown(5, alpha,
                       *smallest_difference(sample, sample, smallest_p, {.alpha = alpha}));
  };
  constexpr double kThreeDeviations = 0.03;
  EXPECT_NEAR(share(0.05), 0.8, kThreeDeviations);
  EXPECT_NEAR(share(0.0125), 0.7, kThreeDeviations);  // one way within alpha: as the header says
}

TEST(SmallestDifference, IsNoneWhereTheTestCannotReachAlpha) {
  const SampleSummary a = summarize_sample(kA), b = summarize_sample(kB);
  EXPECT_FALSE(smallest_difference(a, b, 0.1, {.alpha = 0.05}));
  EXPECT_TRUE(smallest_difference(a, b, 2.0 / 40, {.alpha = 0.05}));  // exactly alpha
  EXPECT_FALSE(smallest_paired_difference(a, 0.0625, {.alpha = 0.05}));
}

// Worked by hand: sorted 0.005 0.01 0.03 0.04 times 4 3 2 1 is 0.02 0.03 0.06 0.04, and none may be
// below the one before it.
TEST(Holm, WorkedExample) {
  const std::vector<double> p{0.01, 0.04, 0.03, 0.005};
  const std::vector<double> adjusted = holm_adjusted(p), expected{0.03, 0.06, 0.06, 0.02};
  ASSERT_EQ(adjusted.size(), 4u);
  for (size_t i = 0; i < 4; ++i) EXPECT_DOUBLE_EQ(adjusted[i], expected[i]);
}

TEST(Holm, NeverAboveOneAndOneTestStays) {
  EXPECT_EQ(holm_adjusted(std::vector<double>{0.7, 0.6, 1.0}), (std::vector<double>{1, 1, 1}));
  EXPECT_EQ(holm_adjusted(std::vector<double>{0.2}), std::vector<double>{0.2});
  EXPECT_TRUE(holm_adjusted(std::vector<double>{}).empty());
}

}  // namespace
}  // namespace weir::testing
