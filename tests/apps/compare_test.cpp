// weir compare from end to end: answers, files, jobs, Ctrl-C, kill -9, and going on.
#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include "core/base/file.h"
#include "tests/apps/run_command.h"

namespace weir::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// LeNet on a few built-in pictures, twice: half a second for an epoch.
const char* const kBase = R"(
data: {name: synth10, train_size: 120, test_size: 40, batch_size: 20, val_split: 0.2}
model: {name: lenet5}
optimizer: {lr: 0.01}
train: {epochs: 2, fail_if_stuck: {after_epochs: null}}
output: {images: false}
)";
const char* const kPlan = R"(
compare: small
base: base.yaml
seeds: 2
variants:
  max: {model.downsample: max_pool}
  avg: {model.downsample: avg_pool}
)";

std::vector<nlohmann::json> json_lines(const std::string& text) {
  std::vector<nlohmann::json> events;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) events.push_back(nlohmann::json::parse(line));
  return events;
}

class CompareTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.write("base.yaml", kBase);
    folder_.write("plan.yaml", kPlan);
  }
  CommandResult compare(std::vector<std::string> more = {}, const std::string& plan = "plan.yaml") {
    more.insert(more.begin(), {"compare", plan});
    return run_weir(more, {.folder = folder_.path()});
  }
  fs::path out(const std::string& root = "runs") const { return folder_.path() / root / "small"; }
  nlohmann::json report(const std::string& root = "runs") const {
    return nlohmann::json::parse(read_file(out(root) / "compare.json"));
  }
  // Every net's weights and test accuracy, without times.
  std::string outcome(const std::string& root = "runs") const {
    std::string text;
    const nlohmann::json all = report(root);
    for (const auto& cell : all["cells"]) {
      for (const auto& run : cell["runs"]) {
        text += run["weights"]["sha256"].get<std::string>() + " " + run["test"].dump() + " " +
                run["shift_consistency"].dump() + "\n";
      }
    }
    return text;
  }

  TempFolder folder_;
};

TEST_F(CompareTest, AnswersFirstAndLeavesEveryNumber) {
  const CommandResult result = compare();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("no difference shown between avg and max: "));
  EXPECT_THAT(result.out,
              HasSubstr("2 seeds cannot show any: the smallest p they can give is 0.33"));
  EXPECT_THAT(result.out, HasSubstr("\nnet  seeds"));
  EXPECT_THAT(result.err, HasSubstr("max  seed 1: val "));
  EXPECT_THAT(result.err, HasSubstr("runs 4 of 4"));
  EXPECT_THAT(result.err + result.out, Not(HasSubstr("\x1b")));
  for (const char* file : {"compare.json", "summary.csv", "runs.csv", "curves.csv", "pairs.csv",
                           "answer.txt", "curves.png", "max/seed1/0001/weights/best.safetensors",
                           "avg/seed2/0001/predictions.csv"}) {
    EXPECT_TRUE(fs::exists(out() / file)) << file;
  }
  const nlohmann::json found = report();
  EXPECT_EQ(found["runs"]["complete"], 4);
  for (const auto& cell : found["cells"]) {
    for (const auto& run : cell["runs"]) {
      const fs::path folder = out() / run["folder"].get<std::string>();
      const auto own = nlohmann::json::parse(read_file(folder / "result.json"));
      EXPECT_EQ(run["test"]["acc"], own["test"]["acc"]);
      EXPECT_EQ(run["weights"]["sha256"], own["weights"]["sha256"]);
      EXPECT_EQ(run["curve"]["epoch"].size(), 2u);
      EXPECT_GE(run["shift_consistency"], 0.0);
      int64_t pictures = 0;
      for (const auto& row : run["confusion"]) {
        for (const auto& count : row) pictures += count.get<int64_t>();
      }
      EXPECT_EQ(pictures, 40);
    }
  }
  const std::string before = read_file(out() / "compare.json");
  const CommandResult again = compare();  // nothing is left to train
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.out, result.out);
  EXPECT_EQ(read_file(out() / "compare.json"), before);
}

TEST_F(CompareTest, JobsAndThreadsChangeNoResult) {
  ASSERT_EQ(compare({"--threads", "1"}).exit_code, 0);
  const CommandResult result = compare({"--jobs", "3", "--out", "other", "--threads", "6"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(outcome("other"), outcome());
}

TEST_F(CompareTest, GoesOnAfterCtrlCAndAfterKill) {
  ASSERT_EQ(compare({"--out", "straight"}).exit_code, 0);
  {
    Command command({WEIR_BINARY, "compare", "plan.yaml", "-v"}, {.folder = folder_.path()});
    ASSERT_TRUE(command.wait_for_stderr("max  seed 1: epoch 1/2"));
    command.send(SIGINT);
    const CommandResult stopped = command.wait();
    EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
    EXPECT_THAT(stopped.err, HasSubstr("go on with:  weir compare plan.yaml -v"));
    EXPECT_THAT(stopped.out, IsEmpty());
  }
  // Its trainings end with it: the folder's lock is free when the last has saved.
  for (const char* where : {"avg  seed 1: epoch 1/2", "max  seed 2: begins"}) {
    Command command({WEIR_BINARY, "compare", "plan.yaml", "-v"}, {.folder = folder_.path()});
    ASSERT_TRUE(command.wait_for_stderr(where));
    command.send(SIGKILL);
    EXPECT_EQ(command.wait().exit_code, 137);
  }
  const CommandResult last = compare();
  ASSERT_EQ(last.exit_code, 0) << last.err;
  EXPECT_EQ(outcome(), outcome("straight"));
}

// Whatever ends a comparison, tables of what is there so far are found.
TEST_F(CompareTest, ReportsAfterEveryRun) {
  Command command({WEIR_BINARY, "compare", "plan.yaml", "-v"}, {.folder = folder_.path()});
  ASSERT_TRUE(command.wait_for_stderr("avg  seed 1: begins"));
  command.send(SIGKILL);
  EXPECT_EQ(command.wait().exit_code, 137);
  const nlohmann::json found = report();
  EXPECT_EQ(found["complete"], false);
  EXPECT_EQ(found["runs"]["complete"], 1);
  EXPECT_EQ(found["cells"][0]["runs"].size(), 1u);
  EXPECT_THAT(read_file(out() / "answer.txt"), HasSubstr("1 of 4 runs are complete"));
  EXPECT_TRUE(fs::exists(out() / "curves.png"));
}

// Results are kept for good, weights are not: they are a hundred times as large.
TEST_F(CompareTest, CompleteRunsNeedNoWeights) {
  const std::string plan = std::string(kPlan) + "set: {train.epochs: 1}\n";
  folder_.write("short.yaml", plan);
  const CommandResult whole = compare({"--jobs", "2"}, "short.yaml");
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  const std::string before = read_file(out() / "compare.json");
  const std::vector<std::string> kept{"result.json",           "config.yaml",   "env.json",
                                      "metrics.csv",           "confusion.csv", "predictions.csv",
                                      "shift_consistency.json"};
  for (const char* run : {"max/seed1", "max/seed2", "avg/seed1", "avg/seed2"}) {
    std::vector<fs::path> others;
    for (const auto& entry : fs::directory_iterator(out() / run / "0001")) {
      const std::string name = entry.path().filename();
      if (std::find(kept.begin(), kept.end(), name) == kept.end()) others.push_back(entry.path());
    }
    EXPECT_GT(others.size(), 3u);
    for (const fs::path& other : others) fs::remove_all(other);
  }
  const CommandResult again = compare({}, "short.yaml");
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.out, whole.out);
  EXPECT_EQ(read_file(out() / "compare.json"), before);
  folder_.write("two.yaml", plan + "shift_consistency: 2\n");
  const CommandResult other = compare({}, "two.yaml");
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("runs/small/max/seed1/0001 has no weights any more"));
}

TEST_F(CompareTest, ShiftsOfOtherPixelsAreMeasuredAgain) {
  const std::string plan =
      std::string(kPlan) + "set: {train.epochs: 1}\nbaseline: max\nshift_consistency: ";
  folder_.write("one.yaml", plan + "1\n");
  folder_.write("eight.yaml", plan + "8\n");
  ASSERT_EQ(compare({}, "one.yaml").exit_code, 0);
  const fs::path run = out() / "max/seed1/0001";
  const std::string result = read_file(run / "result.json");
  ASSERT_EQ(compare({}, "eight.yaml").exit_code, 0);
  EXPECT_EQ(read_file(run / "result.json"), result);  // not trained again
  const auto found = nlohmann::json::parse(read_file(run / "shift_consistency.json"));
  EXPECT_EQ(found["pixels"], 8);
  EXPECT_EQ(report()["shift_pixels"], 8);
  EXPECT_EQ(report()["cells"][0]["runs"][0]["shift_consistency"], found["share"]);
}

// Relative, and for `weir train` an override or an option but for the "./" before it.
TEST_F(CompareTest, FoldersThatLookLikeOverridesOrOptions) {
  for (const char* folder : {"a=b", "~a", "-a"}) {
    const CommandResult result =
        compare({std::string("--out=") + folder, "train.epochs=1", "--only", "max"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_TRUE(fs::exists(out(folder) / "max/seed2/0001/shift_consistency.json")) << folder;
  }
}

TEST_F(CompareTest, AValueForAKeyOfTheGridIsRefused) {
  const std::string plan = WEIR_SOURCE_DIR "/configs/compare/data_size.yaml";
  const CommandResult result = compare({"data.limit=2000"}, plan);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("override #1: error: data.limit is set here, and the grid "
                                    "varies data.limit ("));
  EXPECT_THAT(result.err, HasSubstr("data_size.yaml:11:8): keep one of the two"));
}

TEST_F(CompareTest, OnlySomeVariantsAndLaterTheRest) {
  const CommandResult part = compare({"--only", "avg"});
  ASSERT_EQ(part.exit_code, 0) << part.err;
  EXPECT_THAT(part.out, StartsWith("avg and max were not tested: 2 runs are missing."));
  EXPECT_THAT(part.out, HasSubstr("2 of 4 runs are complete"));
  EXPECT_FALSE(fs::exists(out() / "max"));
  EXPECT_EQ(report()["complete"], false);
  ASSERT_EQ(compare().exit_code, 0);
  EXPECT_EQ(report()["complete"], true);
  const CommandResult unknown = compare({"--only", "maxx"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("there is no variant 'maxx'; did you mean 'max'?"));
}

TEST_F(CompareTest, NetsThatAreStuckAreTriedAgainAndCounted) {
  folder_.write("stuck.yaml", std::string(kPlan) +
                                  "  stuck: {model.init: xavier_normal, train.fail_if_stuck: "
                                  "{after_epochs: 1, below: 1}}\n"
                                  "baseline: max\nrestarts: 1\nset: {train.epochs: 1}\n"
                                  "shift_consistency: 0\n");
  const CommandResult result = compare({}, "stuck.yaml");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("stuck  seed 2: stuck at chance: after 1 epochs"));
  EXPECT_THAT(result.err, HasSubstr("restart 1 with seed 1000002"));
  EXPECT_THAT(result.err, HasSubstr("stuck  seed 2: given up after 2 attempts"));
  EXPECT_THAT(result.out, HasSubstr("stuck: 2 restarts of nets that were stuck"));
  EXPECT_THAT(result.out, HasSubstr("stuck: 2 of 2 seeds never trained"));
  const nlohmann::json stuck = report()["cells"][2];
  EXPECT_EQ(stuck["given_up"].size(), 2u);
  EXPECT_EQ(stuck["given_up"][0]["failures"].size(), 2u);
  EXPECT_TRUE(fs::exists(out() / "stuck/seed1/0002/failed.json"));
  EXPECT_TRUE(stuck["test_acc"].is_null());
}

TEST_F(CompareTest, TuningWithoutAnyGoodValueEndsIt) {
  folder_.write("wild.yaml", std::string(kPlan) + "tune: {values: [1.0e+30], epochs: 1}\n");
  const CommandResult result = compare({"--only", "avg"}, "wild.yaml");
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("given up after 1 attempts"));
  EXPECT_THAT(result.err, HasSubstr("avg: no value of optimizer.lr trains"));
  EXPECT_FALSE(fs::exists(out() / "avg/seed1"));
}

TEST_F(CompareTest, EventsForPrograms) {
  const CommandResult result = compare({"--json", "train.epochs=1"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::vector<nlohmann::json> events = json_lines(result.out);
  const auto count = [&](const char* name) {
    return std::count_if(events.begin(), events.end(),
                         [&](const nlohmann::json& event) { return event["event"] == name; });
  };
  EXPECT_EQ(events.front()["event"], "start");
  EXPECT_EQ(events.front()["nets"].size(), 2u);
  EXPECT_EQ(count("run_start"), 4);
  EXPECT_EQ(count("epoch"), 4);
  EXPECT_EQ(count("run_end"), 4);
  EXPECT_EQ(events.back()["event"], "end");
  EXPECT_EQ(events.back()["pairs"][0], report()["pairs"][0]);
}

TEST_F(CompareTest, DryRunShowsCostsAndWritesNothing) {
  const CommandResult result = compare({"--dry-run"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("0 trials and 4 runs, 1 pairs to test"));
  EXPECT_THAT(result.out, HasSubstr("runs/small/avg"));
  EXPECT_FALSE(fs::exists(folder_.path() / "runs"));
}

TEST_F(CompareTest, MistakesAreSaid) {
  EXPECT_EQ(run_weir({"compare"}).exit_code, 2);
  const CommandResult missing = compare({}, "plam.yaml");
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("there is no file or folder 'plam.yaml'"));
  const CommandResult wrong = compare({"optimizer.rl=0.1"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("unknown key 'optimizer.rl'; did you mean 'optimizer.lr'?"));
  const CommandResult data = compare({"data.name=image_folder", "data.root=nowhere", "--json"});
  EXPECT_EQ(data.exit_code, 3);
  EXPECT_THAT(data.err, HasSubstr("the training of runs/small/max/seed1 ended with exit code 3: "));
  EXPECT_EQ(json_lines(data.out).back()["exit_code"], 3);
}

TEST_F(CompareTest, AnotherConfigurationInTheFolderIsRefused) {
  ASSERT_EQ(compare({"--only", "max", "train.epochs=1"}).exit_code, 0);
  const CommandResult result = compare();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("train.epochs: 1 there, 2 here"));
}

// A committed comparison with everything in it: trials, widths that make work equal, pairs.
TEST_F(CompareTest, SmokeTierRunsFromTrialsToTheAnswer) {
  const std::string plan = WEIR_SOURCE_DIR "/configs/compare/c_smoke.yaml";
  const CommandResult result =
      compare({"data.train_size=200", "data.test_size=40", "--jobs", "2", "--out", "smoke"}, plan);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const fs::path folder = folder_.path() / "smoke" / "c-smoke";
  const auto found = nlohmann::json::parse(read_file(folder / "compare.json"));
  EXPECT_EQ(found["runs"]["complete"], 10);
  EXPECT_EQ(found["pairs"].size(), 4u);
  for (const auto& cell : found["cells"]) {
    EXPECT_EQ(cell["tuning"]["candidates"].size(), 2u);
    const std::string chosen = cell["tuning"]["chosen"];
    EXPECT_TRUE(chosen == "0.1" || chosen == "0.02") << chosen;
  }
  // Trials leave no scores of test pictures behind, wherever one looks.
  int trials = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (path.find("/tune/") == std::string::npos) continue;
    EXPECT_NE(entry.path().filename(), "predictions.csv");
    if (entry.path().filename() != "result.json") continue;
    ++trials;
    EXPECT_TRUE(nlohmann::json::parse(read_file(entry.path()))["test"].is_null());
  }
  EXPECT_EQ(trials, 5 * 2);
}

}  // namespace
}  // namespace weir::testing
