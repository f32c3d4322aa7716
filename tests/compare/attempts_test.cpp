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
// whose number the next attempt must get.
TEST_F(Attempts, WhatHasNoCheckpointIsRemoved) {
  write_run_config(run_, 0);
  const RunState state = run_state(run_);
  EXPECT_EQ(state.stage, RunStage::kNew);
  EXPECT_EQ(state.attempt, 0);
  EXPECT_FALSE(std::filesystem::exists(state.folder));
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
    EXPECT_THAT(error.what(), HasSubstr("Give the comparison another name"));
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
  }
}

}  // namespace
}  // namespace weir
