// From run folders to numbers and files.
#include "compare/report/comparison.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "compare/report/answer.h"
#include "compare/report/comparison_json.h"
#include "compare/report/csv.h"
#include "compare/report/report_files.h"
#include "compare/report/tables_csv.h"
#include "tests/compare/made_up_run.h"
#include "tests/compare/plan_folder.h"

namespace weir {
namespace {

using ::testing::HasSubstr;

class ComparisonTest : public PlanFolder {
 protected:
  // Writes the runs with these accuracies: one list for each net, one value for each seed;
  // negative: not there.
  Experiment with_runs(const std::string& lines,
                       const std::vector<std::vector<double>>& accuracies) {
    Experiment found = experiment(lines);
    for (const PlannedRun& run : planned_runs(found, {})) {
      const size_t seed = static_cast<size_t>(
          std::find(found.plan.seeds.begin(), found.plan.seeds.end(), run.seed) -
          found.plan.seeds.begin());
      const double accuracy = accuracies[run.cell][seed];
      if (accuracy >= 0) write_made_up_run(run, {.test_acc = accuracy});
    }
    return found;
  }
};

const std::vector<double> kHigh{0.9081, 0.9043, 0.9102, 0.9077, 0.9059},
    kLow{0.9012, 0.9050, 0.8998, 0.9021, 0.9035};

// p of these ten values and the interval are tested against SciPy in permutation_test_test.cpp and
// sample_test.cpp; here that they arrive.
TEST_F(ComparisonTest, FiveSeedsAreTestedUnpaired) {
  const Comparison found = read_comparison(with_runs(kTwoVariants, {kLow, kHigh}));
  EXPECT_TRUE(found.is_whole());
  EXPECT_EQ(found.runs_complete, 10);
  ASSERT_EQ(found.pairs.size(), 1u);
  const PairResult& pair = found.pairs[0];
  EXPECT_TRUE(pair.is_tested);
  EXPECT_FALSE(pair.is_paired);
  EXPECT_THAT(pair.reason, HasSubstr("5 pairs cannot give a p below 0.062"));
  EXPECT_NEAR(pair.difference, 0.00492, 1e-12);
  EXPECT_DOUBLE_EQ(pair.test.p, 4.0 / 252);
  EXPECT_EQ(pair.p_adjusted, pair.test.p);  // one pair: nothing to correct
  EXPECT_TRUE(pair.is_shown);
  EXPECT_NEAR(pair.interval->low, 0.0018035756458435336, 1e-12);
  EXPECT_NEAR(*pair.smallest_difference, 0.004351115750922042, 1e-12);
  EXPECT_NEAR(found.cells[1].test_acc->mean, 0.90724, 1e-12);
}

TEST_F(ComparisonTest, EnoughSeedsAreTestedInPairs) {
  const std::vector<double> base{0.50, 0.60, 0.55, 0.70, 0.65, 0.40};
  std::vector<double> better;
  for (const double value : base) better.push_back(value + 0.01);
  const std::string lines = std::string(kTwoVariants) + "seeds: 6\n";
  const Comparison found = read_comparison(with_runs(lines, {base, better}));
  const PairResult& pair = found.pairs[0];
  EXPECT_TRUE(pair.is_paired);
  EXPECT_DOUBLE_EQ(pair.test.p, 2.0 / 64);  // the same luck in both: far clearer than unpaired
  EXPECT_TRUE(pair.is_shown);
  const Comparison unpaired =
      read_comparison(with_runs(lines + "test: {method: unpaired}\n", {base, better}));
  EXPECT_FALSE(unpaired.pairs[0].is_paired);
  EXPECT_FALSE(unpaired.pairs[0].is_shown);
  const Comparison few = read_comparison(
      with_runs(std::string(kTwoVariants) + "seeds: 6\ntest: {method: paired, alpha: 0.03}\n",
                {base, better}));
  EXPECT_TRUE(few.pairs[0].is_paired);
  EXPECT_FALSE(few.pairs[0].is_shown);
  EXPECT_FALSE(few.pairs[0].smallest_difference);
}

TEST_F(ComparisonTest, ManyPairsAreCorrected) {
  const std::string lines = "variants: {model.downsample: [max_pool, strided, all_conv]}\n";
  const Comparison found = read_comparison(with_runs(lines, {kLow, kHigh, kLow}));
  ASSERT_EQ(found.pairs.size(), 3u);
  EXPECT_DOUBLE_EQ(found.first_alpha, 0.05 / 3);
  EXPECT_DOUBLE_EQ(found.pairs[0].p_adjusted, 3 * 4.0 / 252);  // 0.048
  EXPECT_TRUE(found.pairs[0].is_shown);
  EXPECT_EQ(found.pairs[1].test.p, 1);
  EXPECT_FALSE(found.pairs[1].is_shown);
}

TEST_F(ComparisonTest, RestartsAndGivenUpRunsAreCounted) {
  Experiment plan = experiment(std::string(kTwoVariants) + "seeds: 6\nrestarts: 1\n");
  for (const PlannedRun& run : planned_runs(plan, {})) {
    const bool is_bad = run.cell == 1 && run.seed == 2;
    if (run.cell == 1 && run.seed <= 2) {
      write_run_config(run, 0);
      mark_failed(run, 0, "stuck at chance");
    }
    if (is_bad) {
      write_run_config(run, 1);
      mark_failed(run, 1, "stuck at chance again");
    } else {
      const int attempt = run.cell == 1 && run.seed == 1 ? 1 : 0;
      write_made_up_run(
          run, {.test_acc = 0.5 + 0.01 * static_cast<double>(run.seed), .attempt = attempt});
    }
  }
  const Comparison found = read_comparison(plan);
  EXPECT_TRUE(found.is_whole());
  EXPECT_EQ(found.runs_given_up, 1);
  EXPECT_EQ(found.restarts, 2);
  EXPECT_EQ(found.cells[1].runs.size(), 5u);
  EXPECT_EQ(found.cells[1].runs[0].trained_seed, 1'000'001u);
  ASSERT_EQ(found.cells[1].given_up.size(), 1u);
  EXPECT_EQ(found.cells[1].given_up[0].failures.size(), 2u);
  EXPECT_FALSE(found.pairs[0].is_paired);
  EXPECT_THAT(found.pairs[0].reason, HasSubstr("restarted or given up"));
}

// The third seed of one net was given up: what stands beside the difference of the two others must
// be of these two as well. 50 and 60 against 52 and 62, means 55 and 57; with the third, 70, it
// would be 60.
TEST_F(ComparisonTest, PairsAreSummarizedByTheirSharedSeeds) {
  const std::string lines =
      std::string(kTwoVariants) + "seeds: 3\nrestarts: 0\ntest: {method: paired}\n";
  const Experiment plan = with_runs(lines, {{0.5, 0.6, 0.7}, {0.52, 0.62, -1}});
  mark_failed(planned_runs(plan, {}).back(), 0, "stuck at chance");
  const Comparison found = read_comparison(plan);
  const PairResult& pair = found.pairs[0];
  EXPECT_TRUE(pair.is_paired);
  EXPECT_EQ(pair.sample_b.count, 2);
  EXPECT_NEAR(pair.sample_b.mean, 0.55, 1e-12);
  EXPECT_NEAR(pair.difference, pair.sample_a.mean - pair.sample_b.mean, 1e-12);
  EXPECT_THAT(pair_sentence(found, pair), HasSubstr("57.00 ± 7.07 against 55.00 ± 7.07, +2.00"));
  EXPECT_THAT(pair_sentence(found, pair), HasSubstr("2 seeds cannot show any"));
  const nlohmann::ordered_json json = pair_json(found, pair);
  EXPECT_EQ(json["samples"]["b"]["count"], 2);
  EXPECT_NEAR(found.cells[0].test_acc->mean, 0.6, 1e-12);  // the table has all of them
}

TEST_F(ComparisonTest, ShiftsOfOtherPixelsAreLeftOut) {
  const std::string two = std::string(kTwoVariants) + "seeds: 1\n";
  const Comparison same = read_comparison(with_runs(two, {{0.5}, {0.6}}));  // measured for 4 pixels
  EXPECT_EQ(same.cells[0].runs[0].shift_consistency, 0.875);
  for (const char* pixels : {"2", "0"}) {
    const Experiment plan = experiment(two + "shift_consistency: " + pixels + "\n");
    const Comparison other = read_comparison(plan);
    EXPECT_EQ(other.runs_complete, 2);
    EXPECT_FALSE(other.cells[0].shift_consistency) << pixels;
  }
  const std::filesystem::path run = planned_runs(same.experiment, {}).front().attempt_folder(0);
  write_file_atomic(run / "shift_consistency.json", R"({"pixels": 4})");
  try {
    read_comparison(same.experiment);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kData);
    EXPECT_THAT(error.what(), HasSubstr("shift_consistency.json is damaged"));
  }
}

// A folder that a training has just made has neither checkpoint nor result; a report of what is
// there so far must leave it to the training.
TEST_F(ComparisonTest, ReadingChangesNothing) {
  const Experiment plan = with_runs(std::string(kTwoVariants) + "seeds: 1\n", {{0.5}, {-1}});
  const PlannedRun begun = planned_runs(plan, {}).back();
  write_run_config(begun, 0);
  EXPECT_EQ(read_comparison(plan).runs_complete, 1);
  EXPECT_TRUE(std::filesystem::exists(begun.attempt_folder(0) / "config.yaml"));
}

TEST_F(ComparisonTest, MissingRunsAreNotTested) {
  const Comparison found =
      read_comparison(with_runs(std::string(kTwoVariants) + "seeds: 2\n", {{0.5, 0.6}, {0.7, -1}}));
  EXPECT_FALSE(found.is_whole());
  EXPECT_EQ(found.cells[1].missing, 1);
  EXPECT_FALSE(found.pairs[0].is_tested);
  EXPECT_EQ(found.pairs[0].p_adjusted, 1);
  EXPECT_EQ(found.pairs[0].reason, "1 run is missing");
}

TEST_F(ComparisonTest, DifferentPicturesCannotBeCompared) {
  const Experiment plan = experiment(std::string(kTwoVariants) + "seeds: 1\n");
  const std::vector<PlannedRun> runs = planned_runs(plan, {});
  write_made_up_run(runs[0], {});
  write_made_up_run(runs[1], {.dataset_sha256 = "other"});
  try {
    read_comparison(plan);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kData);
    EXPECT_THAT(error.what(), HasSubstr("were trained on different pictures"));
  }
}

TEST_F(ComparisonTest, TheBestTrialIsChosenByValidation) {
  const std::string lines =
      std::string(kTwoVariants) + "seeds: 1\ntune: {values: [0.1, 0.02, 0.01], epochs: 2}\n";
  const Experiment plan = experiment(lines);
  // The second value has the best validation accuracy and the worst test accuracy. For the other
  // net, the first fails, and the others are equal.
  for (const PlannedRun& trial : planned_trials(plan)) {
    const bool fails = trial.cell == 1 && *trial.candidate == 0;
    if (fails) {
      write_run_config(trial, 0);
      mark_failed(trial, 0, "diverged");
      continue;
    }
    const bool is_best = trial.cell == 0 && *trial.candidate == 1;
    write_made_up_run(trial, {.test_acc = is_best ? 0.1 : 0.9, .val_acc = is_best ? 0.7 : 0.6});
  }
  const std::vector<Tuned> tuned = read_tuning(plan);
  ASSERT_EQ(tuned.size(), 2u);
  EXPECT_TRUE(tuned[0].complete);
  EXPECT_EQ(tuned[0].chosen, 1u);
  EXPECT_EQ(tuned[1].chosen, 1u);
  EXPECT_FALSE(tuned[1].scores[0].val_acc);
  const Comparison found = read_comparison(plan);
  EXPECT_EQ(found.config_of(found.cells[0])->optimizer.lr, 0.02);
}

TEST_F(ComparisonTest, UnfinishedTrialsChooseNothing) {
  const Experiment plan =
      experiment(std::string(kTwoVariants) + "seeds: 1\ntune: {values: [0.1, 0.02], epochs: 2}\n");
  write_made_up_run(planned_trials(plan).front(), {});
  const std::vector<Tuned> tuned = read_tuning(plan);
  EXPECT_FALSE(tuned[0].complete);
  EXPECT_FALSE(tuned[0].chosen);
  const Comparison found = read_comparison(plan);
  EXPECT_EQ(found.runs_complete, 0);
  EXPECT_EQ(found.runs_planned, 2);
  EXPECT_EQ(found.config_of(found.cells[0]), nullptr);
}

TEST_F(ComparisonTest, JsonHoldsWhatAPageNeeds) {
  const std::string lines = std::string(kTwoVariants) + "seeds: 2\n";
  const Comparison found = read_comparison(with_runs(lines, {{0.5, 0.6}, {0.7, 0.8}}));
  const nlohmann::ordered_json json = comparison_json(found);
  EXPECT_EQ(json["complete"], true);
  EXPECT_EQ(json["answer"][0], json["pairs"][0]["sentence"]);
  const auto& run = json["cells"][1]["runs"][0];
  EXPECT_EQ(run["folder"], "stride/seed1/0001");
  EXPECT_EQ(run["test"]["acc"], 0.7);
  EXPECT_EQ(run["shift_consistency"], 0.875);
  EXPECT_EQ(run["curve"]["epoch"], (nlohmann::ordered_json{1, 2}));
  EXPECT_EQ(run["curve"]["train_loss"], (nlohmann::ordered_json{2.25, 1.5}));
  EXPECT_EQ(run["classes"], (nlohmann::ordered_json{"cat, small", "dog"}));
  EXPECT_EQ(run["confusion"], (nlohmann::ordered_json{{1, 1}, {0, 1}}));
  EXPECT_EQ(run["weights"]["file"], "stride/seed1/0001/weights/best.safetensors");
  EXPECT_EQ(run["img_per_s"], 120);
  EXPECT_EQ(json["cells"][1]["img_per_s"]["mean"], 120);
  EXPECT_EQ(json["cells"][1]["peak_rss_mb"]["mean"], 80);
  EXPECT_TRUE(json["cells"][1]["filters"].is_null());  // these runs have no weights
  EXPECT_EQ(json["plan"]["file"], path("plan.yaml"));
  EXPECT_EQ(json["plan"]["overrides"], (nlohmann::ordered_json{"output.dir=" + path("out")}));
  EXPECT_EQ(json["environments"].size(), 1u);
  EXPECT_EQ(json["configuration"].size(), 1u);
  EXPECT_EQ(json["configuration"]["model.downsample"],
            (nlohmann::ordered_json{"max_pool", "strided"}));
  EXPECT_NEAR(json["pairs"][0]["difference"], 0.2, 1e-12);
  EXPECT_EQ(json["pairs"][0]["smallest_difference"], nullptr);  // two seeds cannot show any
  EXPECT_EQ(comparison_json(read_comparison(found.experiment)), json);
}

// model.downsample_init applies to all_conv alone, and neither net sets it.
TEST_F(ComparisonTest, KeysThatNoNetSetsAreNoDifference) {
  const std::string lines =
      "variants:\n  pool: {model.downsample: max_pool}\n  conv: {model.downsample: all_conv}\n"
      "seeds: 1\n";
  const nlohmann::ordered_json json =
      comparison_json(read_comparison(with_runs(lines, {{0.5}, {0.7}})));
  EXPECT_EQ(json["configuration"],
            (nlohmann::ordered_json{{"model.downsample", {"max_pool", "all_conv"}}}));
}

TEST_F(ComparisonTest, TablesHaveARowForEachThing) {
  const std::string lines =
      std::string(kTwoVariants) + "seeds: 2\ngrid: {data.limit: [50, null]}\n";
  const Comparison found =
      read_comparison(with_runs(lines, {{0.5, 0.6}, {0.7, 0.8}, {0.5, 0.5}, {0.25, -1}}));
  const auto summary = parse_csv(summary_csv(found)), runs = parse_csv(runs_csv(found)),
             curves = parse_csv(curves_csv(found)), pairs = parse_csv(pairs_csv(found));
  ASSERT_EQ(summary.size(), 1 + 4u);
  EXPECT_EQ(summary[0][1], "data.limit");
  EXPECT_EQ(summary[4][0], "stride");
  EXPECT_EQ(summary[4][1], "null");
  EXPECT_EQ(summary[4][4], "1");  // missing
  EXPECT_EQ(summary[3][6], "0.5");
  EXPECT_EQ(runs.size(), 1 + 7u);
  EXPECT_EQ(curves.size(), 1 + 2 * 7u);
  EXPECT_EQ(pairs.size(), 1 + 1u);  // the other pair has a missing run
  for (const auto& table : {summary, runs, curves, pairs}) {
    for (const auto& row : table) EXPECT_EQ(row.size(), table[0].size());
  }
}

TEST_F(ComparisonTest, TheSameFoldersGiveTheSameBytes) {
  const std::string lines =
      std::string(kTwoVariants) + "seeds: 2\ngrid: {data.limit: [50, null]}\n";
  const Comparison found =
      read_comparison(with_runs(lines, {{0.5, 0.6}, {0.7, 0.8}, {0.5, 0.5}, {0.25, 0.5}}));
  const auto contents = [&] {
    std::string all;
    for (const std::filesystem::path& file : write_report(read_comparison(found.experiment))) {
      all += file.filename().string() + ":" + read_file(file);
    }
    return all;
  };
  const std::string first = contents();
  for (const char* name :
       {"compare.json:", "report.html:", "summary.csv:", "runs.csv:", "curves.csv:", "pairs.csv:",
        "answer.txt:", "curves-1.png:", "curves-2.png:"}) {
    EXPECT_NE(first.find(name), std::string::npos) << name;
  }
  EXPECT_EQ(contents(), first);
}

TEST_F(ComparisonTest, ADamagedResultIsNamed) {
  const Experiment plan = with_runs(std::string(kTwoVariants) + "seeds: 1\n", {{0.5}, {0.5}});
  write_file_atomic(planned_runs(plan, {}).front().attempt_folder(0) / "result.json", "{}");
  try {
    read_comparison(plan);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kData);
    EXPECT_THAT(error.what(), HasSubstr("pool/seed1/0001"));
  }
}

}  // namespace
}  // namespace weir
