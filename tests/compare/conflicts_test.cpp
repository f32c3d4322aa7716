// A key that two places set would have one of its values, and nobody would be told which.
#include "compare/plan/conflicts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/compare/plan_folder.h"

namespace weir {
namespace {

using ::testing::HasSubstr;

class Conflicts : public PlanFolder {};

const char* const kGrid =
    "variants:\n"
    "  pool: {model.downsample: max_pool}\n"
    "  stride: {model.downsample: strided}\n"
    "grid: {data.limit: [50, 100]}\n";
const char* const kTune =
    "variants:\n"
    "  pool: {model.downsample: max_pool}\n"
    "  stride: {model.downsample: strided}\n"
    "tune: {key: optimizer.lr, values: [0.1, 0.02], epochs: 2}\n";

TEST_F(Conflicts, AnOverrideOfAKeyOfTheGrid) {
  EXPECT_EQ(errors_in(kGrid, {"data.limit=20"}),
            "override #1: error: data.limit is set here, and the grid varies data.limit "
            "(plan.yaml:6:8): keep one of the two");
  EXPECT_THAT(errors_in(kGrid, {"train.epochs=1", "~data.limit"}),
              HasSubstr("override #2: error: data.limit is set here"));
}

TEST_F(Conflicts, AnOverrideOfTheKeyThatIsTuned) {
  EXPECT_EQ(errors_in(kTune, {"optimizer.lr=0.5"}),
            "override #1: error: optimizer.lr is set here, and tune varies optimizer.lr "
            "(plan.yaml:6:1): keep one of the two");
}

TEST_F(Conflicts, WhatStandsAboveOrBelowAKey) {
  EXPECT_THAT(errors_in(kTune, {"optimizer={lr: 0.5}"}),
              HasSubstr("override #1: error: optimizer.lr is set here, and tune varies"));
  EXPECT_THAT(errors_in(kTune, {"~optimizer"}),
              HasSubstr("override #1: error: optimizer is set here, and tune varies optimizer.lr"));
  EXPECT_THAT(errors_in(kGrid, {"data=null"}),
              HasSubstr("override #1: error: data is set here, and the grid varies data.limit"));
  EXPECT_THAT(errors_in(std::string(kTwoVariants) + "grid: {model: [1, 2]}\n", {"model.width=1"}),
              HasSubstr("override #1: error: model is set here, and the grid varies model ("));
  // Maps merge: other keys of the same section are no matter.
  EXPECT_EQ(errors_in(kTune, {"optimizer={weight_decay: 0.001}", "data.limit=20"}), "");
  EXPECT_EQ(errors_in(kGrid, {"data={train_size: 150}"}), "");
}

TEST_F(Conflicts, TheSettingsOfThePlan) {
  EXPECT_EQ(errors_in(std::string(kGrid) + "set: {data.limit: 70}\n"),
            "plan.yaml:7:7: error: data.limit is set here, and the grid varies data.limit "
            "(plan.yaml:6:8): keep one of the two");
  EXPECT_THAT(errors_in(std::string(kTune) + "set: {optimizer: {lr: 0.5}}\n"),
              HasSubstr("plan.yaml:7:19: error: optimizer.lr is set here, and tune varies"));
}

TEST_F(Conflicts, AVariantOfItsOwn) {
  EXPECT_EQ(errors_in("variants:\n"
                      "  pool: {model.downsample: max_pool}\n"
                      "  small: {data.limit: 70}\n"
                      "grid: {data.limit: [50, 100]}\n"),
            "plan.yaml:5:11: error: data.limit is set here, and the grid varies data.limit "
            "(plan.yaml:6:8): keep one of the two");
  // A list of variants says it once.
  const std::string errors = errors_in(
      "variants: {optimizer.lr: [0.1, 0.2]}\n"
      "tune: {values: [0.1, 0.02]}\n");
  const std::string expected = "plan.yaml:3:12: error: optimizer.lr is set here, and tune varies";
  EXPECT_THAT(errors, HasSubstr(expected));
  EXPECT_EQ(errors.find(expected), errors.rfind(expected));
}

TEST_F(Conflicts, TheSettingsOfTrials) {
  const std::string tune =
      std::string(kTwoVariants) + "tune: {values: [0.1, 0.02], epochs: 2, set: ";
  EXPECT_EQ(errors_in(tune + "{optimizer.lr: 0.5}}\n"),
            "plan.yaml:6:46: error: optimizer.lr is set here, and tune varies optimizer.lr "
            "(plan.yaml:6:1): keep one of the two");
  EXPECT_EQ(errors_in(tune + "{train.epochs: 1}}\n"),
            "plan.yaml:6:46: error: tune.set: train.epochs is set here, and trials train for "
            "tune.epochs (plan.yaml:6:1): keep that");
  EXPECT_THAT(
      errors_in(std::string(kTwoVariants) + "grid: {data.limit: [50, 100]}\n"
                                            "tune: {values: [0.1, 0.02], set: {data.limit: 20}}\n"),
      HasSubstr("data.limit is set here, and the grid varies data.limit"));
}

TEST_F(Conflicts, TheGridVariesWhatIsTuned) {
  EXPECT_EQ(errors_in(std::string(kTune) + "grid: {optimizer.lr: [0.3, 0.4]}\n"),
            "plan.yaml:6:1: error: tune.key: the grid varies optimizer.lr too (plan.yaml:7:8): "
            "keep one of the two");
}

TEST_F(Conflicts, KeysThatTheComparisonSets) {
  EXPECT_THAT(errors_in(kTwoVariants, {"train={seed: 3}"}),
              HasSubstr("override #1: error: train.seed is set by the comparison itself"));
  EXPECT_THAT(errors_in(kTwoVariants, {"~name"}),
              HasSubstr("override #1: error: name is set by the comparison itself"));
}

// How long a trial is says tune.epochs, whatever the command line makes of the trainings.
TEST_F(Conflicts, TrialsKeepTheirLength) {
  const Experiment found = experiment(kTune, {"train.epochs=7"});
  const Candidate& candidate = found.cells[0].candidates[0];
  EXPECT_EQ(candidate.config.train.epochs, 7);
  EXPECT_EQ(candidate.trial.train.epochs, 2);
}

TEST_F(Conflicts, PointsThatAreTheSameConfiguration) {
  EXPECT_EQ(errors_in(std::string(kTwoVariants) + "grid: {optimizer.lr: [0.1, 0.10]}\n"),
            "plan.yaml:6:8: error: grid: pool optimizer.lr 0.1 and pool optimizer.lr 0.10 are the "
            "same configuration\n"
            "plan.yaml:6:8: error: grid: stride optimizer.lr 0.1 and stride optimizer.lr 0.10 are "
            "the same configuration");
  // The override makes momentum meaningless, and all points one.
  EXPECT_THAT(
      errors_in(std::string(kTwoVariants) + "grid: {optimizer.momentum: [0.5, 0.9]}\n",
                {"optimizer.name=adamw"}),
      HasSubstr("pool optimizer.momentum 0.5 and pool optimizer.momentum 0.9 are the same"));
}

TEST_F(Conflicts, TunedValuesThatAreTheSame) {
  const auto errors = [&](const std::string& tune) {
    return errors_in(std::string(kTwoVariants) + "tune: " + tune + "\n");
  };
  const std::string same =
      "plan.yaml:6:1: error: tune.values: 0.1 and 0.10 give the same configuration";
  EXPECT_EQ(errors("{values: [0.1, 0.10]}"), same);
  EXPECT_THAT(errors("{values: [0.1, 0.1]}"), HasSubstr("0.1 and 0.1 give the same"));
  EXPECT_THAT(errors("{key: train.epochs, values: [5, 9]}"),
              HasSubstr("tune.values: 5 and 9 give the same trial"));
  EXPECT_EQ(errors("{key: data.root, values: [a b, a_b]}\nset: {data.name: auto}"),
            "plan.yaml:6:1: error: tune.values: a b and a_b have the same folder, data.root-a_b");
}

}  // namespace
}  // namespace weir
