// Schedules against PyTorch 1.13: the numbers come from tests/golden/optimizers.py.
#include "train/schedule/schedule.h"

#include <gtest/gtest.h>

#include "tests/train/expect_error.h"

namespace weir::testing {
namespace {

// PyTorch prints nine digits of numbers up to 1.
constexpr double kTolerance = 1e-9;

template <class Value>
void expect_steps(const std::vector<double>& expected, const Value& value) {
  for (size_t step = 0; step < expected.size(); ++step) {
    EXPECT_NEAR(value(static_cast<int64_t>(step)), expected[step], kTolerance) << "step " << step;
  }
}

TEST(Schedule, OneCycleRatesAndMomentum) {
  const Schedule schedule({.name = "onecycle", .cycle_momentum = true}, 0.4, 5, 4);
  expect_steps(
      {0.016,       0.0526687371, 0.148668737, 0.267331263,  0.363331263,   0.4,       0.394985602,
       0.380193853, 0.356366471,  0.324698262, 0.286777201,  0.244504809,   0.2000008, 0.155496791,
       0.113224399, 0.0753033384, 0.043635129, 0.0198077472, 0.00501599751, 1.6e-06},
      [&](int64_t step) { return schedule.lr(step); });
  expect_steps({0.95,        0.94045085,  0.91545085,  0.88454915,  0.85954915,  0.85, 0.851253604,
                0.854951557, 0.860908426, 0.86882551,  0.878305813, 0.888873953, 0.9,  0.911126047,
                0.921694187, 0.93117449,  0.939091574, 0.945048443, 0.948746396, 0.95},
               [&](int64_t step) { return *schedule.momentum(step); });
}

TEST(Schedule, OneCycleWithItsOwnFactors) {
  const Schedule schedule(
      {.name = "onecycle", .pct_start = 0.4, .div_factor = 10, .final_div_factor = 100}, 0.4, 7, 1);
  expect_steps({0.04, 0.251256672, 0.397768399, 0.324773262, 0.185268927, 0.053736236, 0.0004},
               [&](int64_t step) { return schedule.lr(step); });
  EXPECT_FALSE(schedule.momentum(3).has_value()) << "not cycled unless asked for";
}

TEST(Schedule, OneCycleOfOneStepIsFinite) {
  const Schedule schedule({.name = "onecycle"}, 0.4, 1, 1);
  EXPECT_GT(schedule.lr(0), 0);
  EXPECT_LE(schedule.lr(0), 0.4);
}

TEST(Schedule, Cosine) {
  const Schedule schedule({.name = "cosine", .min_lr = 0.01}, 0.4, 5, 2);
  expect_steps({0.4, 0.390456021, 0.362758314, 0.319618124, 0.265258314, 0.205, 0.144741686,
                0.0903818758, 0.0472416861, 0.0195439793, 0.01, 0.01},
               [&](int64_t step) { return schedule.lr(step); });
}

TEST(Schedule, MultistepCountsEpochs) {
  const Schedule schedule({.name = "multistep", .milestones = {2, 3, 3, 7}, .gamma = 0.5}, 0.4, 3,
                          9);
  const double of_epoch[] = {0.4, 0.4, 0.2, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025};
  for (int64_t step = 0; step < 27; ++step) {
    EXPECT_NEAR(schedule.lr(step), of_epoch[step / 3], kTolerance) << "step " << step;
  }
}

TEST(Schedule, WarmUpRisesToTheRateAndTheCosineStartsThere) {
  const Schedule schedule({.name = "cosine", .warmup_epochs = 0.8}, 1.0, 5, 2);  // 4 steps
  expect_steps({0.25, 0.5, 0.75, 1.0, 1.0}, [&](int64_t step) { return schedule.lr(step); });
  EXPECT_NEAR(schedule.lr(7), 0.5, kTolerance) << "half of the 6 steps after the warm-up";
}

TEST(Schedule, RefusesWhatCannotWork) {
  const auto make = [](const ScheduleOptions& options) { Schedule(options, 0.1, 10, 3); };
  expect_error(ErrorKind::kUsage, "did you mean 'cosine'?", [&] { make({.name = "cosin"}); });
  expect_error(ErrorKind::kUsage, "has its own warm-up",
               [&] { make({.name = "onecycle", .warmup_epochs = 1}); });
  expect_error(ErrorKind::kUsage, "must be less than the 3 epochs",
               [&] { make({.warmup_epochs = 3}); });
  expect_error(ErrorKind::kUsage, "milestones must rise", [&] {
    make({.name = "multistep", .milestones = {4, 2}});
  });
  expect_error(ErrorKind::kUsage, "pct_start must lie between 0 and 1",
               [&] { make({.name = "onecycle", .pct_start = 1.5}); });
}

}  // namespace
}  // namespace weir::testing
