// How trainings are started and stopped, with a script in the place of `weir`.
#include "compare/run/runner.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/compare/made_up_run.h"
#include "tests/compare/plan_folder.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class RunnerTest : public PlanFolder {
 protected:
  // Its arguments are $1 train, $2 the configuration and so on; it runs in the test's folder.
  void script(const std::string& text) {
    write("weir.sh", "cd '" + folder_.string() + "'\n" + text);
    options_.job.program = {"sh", path("weir.sh")};
  }
  std::vector<PlannedRun> plan_runs(const std::string& lines) const {
    std::vector<PlannedRun> runs = planned_runs(experiment(kTwoVariants + lines), {});
    for (PlannedRun& run : runs) run.shift_consistency = 0;
    return runs;
  }
  bool run(const std::vector<PlannedRun>& runs) {
    TimeLeft time_left({{}, {}}, options_.jobs);
    ComparisonProgress progress;
    return run_all(runs, options_, *observer_, time_left, progress);
  }
  std::string error_of(const std::vector<PlannedRun>& runs) {
    try {
      run(runs);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  // What a run that fails was called with.
  std::string arguments_of(const std::vector<PlannedRun>& runs) {
    script("echo \"$@\" > arguments\nexit 2\n");
    error_of(runs);
    return read_file(folder_ / "arguments");
  }
  // Runs as their trainings would leave them, where the script finds them.
  void make_ready(const PlannedRun& run) const {
    write_made_up_run(run, {});
    fs::rename(run.attempt_folder(0), run.folder / "ready");
  }

  RunnerOptions options_;
  ComparisonObserver quiet_;
  ComparisonObserver* observer_ = &quiet_;
};

const char* const kFinishes = "folder=$(dirname \"$2\"); mv \"$folder/ready\" \"$folder/0001\"\n";

// The first attempt says why it ends; the second dies without a word of its own.
TEST_F(RunnerTest, ARestartForgetsWhatTheAttemptBeforeItSaid) {
  script(
      "case \"$*\" in\n"
      "  *--seed*) echo 'no space left'; exit 1;;\n"
      "  *) echo '{\"event\": \"error\", \"message\": \"stuck at chance\"}'; exit 4;;\n"
      "esac\n");
  const std::string error = error_of({plan_runs("restarts: 1\n").front()});
  EXPECT_THAT(error, HasSubstr("ended with exit code 1: no space left"));
  EXPECT_THAT(error, Not(HasSubstr("stuck")));
}

TEST_F(RunnerTest, AFailureWithoutAMessageKeepsWhatElseWasSaid) {
  script("echo 'gone wrong'; exit 4\n");
  const PlannedRun planned = plan_runs("restarts: 0\n").front();
  EXPECT_TRUE(run({planned}));
  ASSERT_EQ(run_state(planned).stage, RunStage::kGivenUp);
  EXPECT_EQ(run_state(planned).failures[0].message, "gone wrong\n");
}

TEST_F(RunnerTest, ThreadsComeFromTheOptionTheConfigurationOrTheShare) {
  const std::vector<PlannedRun> plain{plan_runs("").front()},
      configured{plan_runs("set: {train.threads: 3}\n").front()};
  EXPECT_THAT(arguments_of(plain), Not(HasSubstr("--threads")));
  options_.job.share = 2;
  EXPECT_THAT(arguments_of(plain), HasSubstr("--threads 2"));
  EXPECT_THAT(arguments_of(configured), HasSubstr("--threads 3"));
  options_.job.threads = 1;
  EXPECT_THAT(arguments_of(configured), HasSubstr("--threads 1"));
}

// Tells about every run that was trained, and about none that was complete before.
TEST_F(RunnerTest, AfterEveryRunThatEnds) {
  const std::vector<PlannedRun> runs = plan_runs("seeds: 2\n");
  write_made_up_run(runs[0], {});
  for (size_t i = 1; i < runs.size(); ++i) make_ready(runs[i]);
  script(kFinishes);
  std::vector<int> complete;  // runs that were complete each time
  options_.after_run = [&] {
    complete.push_back(
        static_cast<int>(std::count_if(runs.begin(), runs.end(), [](const PlannedRun& run) {
          return run_state(run).stage == RunStage::kComplete;
        })));
  };
  EXPECT_TRUE(run(runs));
  EXPECT_EQ(complete, (std::vector<int>{2, 3, 4}));
}

// Asks to stop when both trainings of a test have begun.
struct StopWhenBegun : ComparisonObserver {
  explicit StopWhenBegun(const fs::path& place) : folder(place) {}
  void on_tick(const ComparisonProgress&) override {
    stop = fs::exists(folder / "pool-began") && fs::exists(folder / "stride-began");
  }
  fs::path folder;
  std::atomic<bool> stop{false};
};

// Of two trainings that are asked to stop one fails, so the runner ends early. The other is still
// saving, and a second SIGTERM would make it drop everything.
TEST_F(RunnerTest, ATrainingThatSavesIsAskedOnce) {
  script(
      "case \"$2\" in\n"
      "  */pool/*) trap 'exit 3' TERM; touch pool-began\n"
      "    while :; do sleep 0.02; done;;\n"
      "  *) trap 'echo asked >> asked' TERM; touch stride-began\n"
      "    until [ -e asked ]; do sleep 0.02; done\n"
      "    for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; done; touch saved;;\n"
      "esac\n");
  StopWhenBegun observer(folder_);
  observer_ = &observer;
  options_.jobs = 2;
  options_.job.stop = &observer.stop;
  EXPECT_THAT(error_of(plan_runs("seeds: 1\n")), HasSubstr("ended with exit code 3"));
  EXPECT_EQ(read_file(folder_ / "asked"), "asked\n");
  EXPECT_TRUE(fs::exists(folder_ / "saved"));
}

TEST_F(RunnerTest, AShiftWithoutWeightsIsRefusedWithAWayOut) {
  std::vector<PlannedRun> runs{plan_runs("").front()};
  runs[0].shift_consistency = 2;
  write_made_up_run(runs[0], {});  // measured for 4
  script("exit 1\n");
  EXPECT_THAT(error_of(runs),
              HasSubstr("has no weights any more, so shift_consistency: 2 cannot be measured; "
                        "give 4, which was measured, or 0 for none"));
}

}  // namespace
}  // namespace weir
