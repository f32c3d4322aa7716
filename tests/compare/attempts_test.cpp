// How far a run has come follows from its folder alone.
#include "compare/run/attempts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/compare/made_up_run.h"
#include "tests/compare/plan_folder.h"

namespace weir {
namespace {

using ::testing::HasSubstr;

class Attempts : public PlanFolder {
 protected:
  void SetUp() override {
    PlanFolder::SetUp();
    run_ = planned_runs(experiment(std::string(kTwoVariants) + "restarts: 2\n"), {}).front();
  }
  void write_state(int attempt) const {
    write_run_config(run_, attempt);
    write_file_atomic(run_.attempt_folder(attempt) / "state.safetensors", "a checkpoint");
  }

  PlannedRun run_;
};

TEST_F(Attempts, FromNothingToComplete) {
  EXPECT_EQ(run_state(run_).stage, RunStage::kNew);
  EXPECT_EQ(run_state(run_).folder, run_.folder / "0001");
  write_state(0);
  EXPECT_EQ(run_state(run_).stage, RunStage::kUnfinished);
  write_made_up_run(run_, {});
  EXPECT_EQ(run_state(run_).stage, RunStage::kComplete);
}

// A process that dies before its first checkpoint leaves a folder that nothing can go on from, and
// whose number the next attempt must get. Reading leaves it: its training may have just begun.
TEST_F(Attempts, WhatHasNoCheckpointIsRemovedBeforeTheNextTraining) {
  write_run_config(run_, 0);
  const RunState state = run_state(run_);
  EXPECT_EQ(state.stage, RunStage::kNew);
  EXPECT_EQ(state.attempt, 0);
  EXPECT_TRUE(std::filesystem::exists(state.folder));
  prepare_attempt(run_, state);
  EXPECT_FALSE(std::filesystem::exists(state.folder));
}

// A run that was complete goes on for more epochs: its weights will be others.
TEST_F(Attempts, AMeasurementGoesWhenTheTrainingGoesOn) {
  write_made_up_run(run_, {});
  write_state(0);
  const std::filesystem::path folder = run_.attempt_folder(0);
  std::filesystem::remove(folder / "result.json");
  prepare_attempt(run_, run_state(run_));
  EXPECT_FALSE(std::filesystem::exists(folder / "shift_consistency.json"));
  EXPECT_TRUE(std::filesystem::exists(folder / "state.safetensors"));
}

// Of 0001 and 0002 somebody removed the first: a training would become 0003, which nobody reads.
TEST_F(Attempts, ALaterOneIsInTheWay) {
  std::filesystem::create_directories(run_.folder / "notes");  // no attempt
  prepare_attempt(run_, run_state(run_));
  write_state(1);
  const RunState state = run_state(run_);
  EXPECT_EQ(state.stage, RunStage::kNew);
  try {
    prepare_attempt(run_, state);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_EQ(without_folder(error.what()),
              "the next training in out/trial/pool/seed1 would become 0003, as later attempts than "
              "0001 are there: remove that folder, with all attempts, to train that run again");
  }
}

TEST_F(Attempts, FailuresAreCountedUntilTheRunIsGivenUp) {
  write_state(0);
  mark_failed(run_, 0, "stuck at chance: after 3 epochs");
  RunState state = run_state(run_);
  EXPECT_EQ(state.stage, RunStage::kNew);
  EXPECT_EQ(state.attempt, 1);
  EXPECT_EQ(state.folder.filename(), "0002");
  ASSERT_EQ(state.failures.size(), 1u);
  EXPECT_EQ(state.failures[0].seed, 1u);
  EXPECT_EQ(state.failures[0].message, "stuck at chance: after 3 epochs");

  write_state(1);
  mark_failed(run_, 1, "training diverged");
  write_state(2);
  EXPECT_EQ(run_state(run_).stage, RunStage::kUnfinished);
  mark_failed(run_, 2, "stuck again");
  state = run_state(run_);
  EXPECT_EQ(state.stage, RunStage::kGivenUp);
  ASSERT_EQ(state.failures.size(), 3u);
  EXPECT_EQ(state.failures[2].seed, 2'000'001u);
}

// The net may diverge before its first epoch ends, and then there is no checkpoint at all.
TEST_F(Attempts, AFailureWithoutACheckpointCounts) {
  write_run_config(run_, 0);
  mark_failed(run_, 0, "training diverged in epoch 1");
  EXPECT_EQ(run_state(run_).attempt, 1);
}

// A net that cannot be initialised fails before it has a folder. The words that a training settles
// stand settled in what is written for it.
TEST_F(Attempts, AFailureWithoutAFolderCounts) {
  run_.config.train.precision = "auto";
  mark_failed(run_, 0, "lsuv: the output of features.0 has variance 0");
  const RunState state = run_state(run_);
  EXPECT_EQ(state.stage, RunStage::kNew);
  EXPECT_EQ(state.attempt, 1);
  const Config written = load_config(run_.attempt_folder(0) / "config.yaml").config;
  EXPECT_EQ(written.train.seed, 1u);
  EXPECT_NE(written.train.precision, "auto");
  mark_failed(run_, 1, "again");
  EXPECT_EQ(load_config(run_.attempt_folder(1) / "config.yaml").config.train.seed, 1'000'001u);
}

// Results are kept without the weights: in a repository, say.
TEST_F(Attempts, ACompleteRunNeedsNoWeights) {
  write_made_up_run(run_, {});
  ASSERT_FALSE(std::filesystem::exists(run_.attempt_folder(0) / "weights"));
  ASSERT_FALSE(std::filesystem::exists(run_.attempt_folder(0) / "state.safetensors"));
  EXPECT_EQ(run_state(run_).stage, RunStage::kComplete);
}

TEST_F(Attempts, AnotherConfigurationIsRefused) {
  write_state(0);
  PlannedRun other = run_;
  other.config.optimizer.lr = 0.5;
  try {
    run_state(other);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_THAT(error.what(), HasSubstr("optimizer.lr: 0.05 there, 0.5 here"));
    EXPECT_THAT(without_folder(error.what()),
                HasSubstr("Give the comparison another name, or remove out/trial/pool/seed1, which "
                          "holds all attempts of that run"));
  }
  other = run_;
  other.config.train.epochs = 7;  // resuming would allow it; a comparison must not
  EXPECT_THROW(run_state(other), Error);
  other = run_;
  other.config.train.threads = 7;
  EXPECT_EQ(run_state(other).stage, RunStage::kUnfinished);
}

TEST_F(Attempts, ADamagedMarkIsSaid) {
  write_state(0);
  write_file_atomic(run_.attempt_folder(0) / "failed.json", "{\"message\": 3");
  try {
    run_state(run_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kData);
    EXPECT_THAT(error.what(), HasSubstr("failed.json is damaged"));
    EXPECT_THAT(without_folder(error.what()), HasSubstr("remove out/trial/pool/seed1 to train"));
  }
}

}  // namespace
}  // namespace weir
