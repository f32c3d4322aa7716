// From a plan to nets and runs.
#include "compare/plan/experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compare/run/planned_run.h"
#include "tests/compare/plan_folder.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ExperimentTest : public PlanFolder {};

TEST_F(ExperimentTest, VariantsAtEveryPointOfTheGrid) {
  const Experiment found = experiment(std::string(kTwoVariants) +
                                      "set: {train.epochs: 4}\n"
                                      "grid: {data.limit: [50, null], optimizer.lr: [0.1, 0.2]}\n");
  EXPECT_EQ(found.folder, folder_ / "out" / "trial");
  std::vector<std::string> folders;
  for (const Cell& cell : found.cells) folders.push_back(cell.folder);
  EXPECT_THAT(
      folders,
      ElementsAre(
          "pool/data.limit-50/optimizer.lr-0.1", "stride/data.limit-50/optimizer.lr-0.1",
          "pool/data.limit-50/optimizer.lr-0.2", "stride/data.limit-50/optimizer.lr-0.2",
          "pool/data.limit-null/optimizer.lr-0.1", "stride/data.limit-null/optimizer.lr-0.1",
          "pool/data.limit-null/optimizer.lr-0.2", "stride/data.limit-null/optimizer.lr-0.2"));
  const Cell& cell = found.cells[3];
  EXPECT_EQ(cell.str(), "stride data.limit 50 optimizer.lr 0.2");
  EXPECT_EQ(cell.config.model.downsample, "strided");
  EXPECT_EQ(cell.config.data.limit, 50);
  EXPECT_EQ(cell.config.optimizer.lr, 0.2);
  EXPECT_EQ(cell.config.train.epochs, 4);
  EXPECT_FALSE(found.cells[7].config.data.limit);
  EXPECT_EQ(found.points(), 4u);
  EXPECT_EQ(&found.cell(1, "stride"), &cell);
}

TEST_F(ExperimentTest, OverridesWinOverThePlan) {
  const Experiment found =
      experiment(std::string(kTwoVariants) + "set: {train.epochs: 4}\n", {"train.epochs=1"});
  for (const Cell& cell : found.cells) EXPECT_EQ(cell.config.train.epochs, 1);
}

TEST_F(ExperimentTest, RunsGoSeedBySeedIntoTheirOwnFolders) {
  const Experiment found = experiment(std::string(kTwoVariants) + "seeds: [4, 9]\n");
  const std::vector<PlannedRun> runs = planned_runs(found, {});
  std::vector<std::string> folders;
  for (const PlannedRun& run : runs) folders.push_back(without_folder(run.folder.string()));
  EXPECT_THAT(folders, ElementsAre("out/trial/pool/seed4", "out/trial/stride/seed4",
                                   "out/trial/pool/seed9", "out/trial/stride/seed9"));
  EXPECT_EQ(runs[3].config.train.seed, 9u);
  EXPECT_EQ(runs[3].config.name, "seed9");
  EXPECT_EQ(runs[3].config.output.dir, (folder_ / "out/trial/stride").string());
  EXPECT_TRUE(runs[3].config.train.test);
  EXPECT_EQ(runs[3].attempt_folder(1), folder_ / "out/trial/stride/seed9/0002");
  EXPECT_EQ(runs[3].attempt_seed(0), 9u);
  EXPECT_EQ(runs[3].attempt_seed(2), 2'000'009u);
}

TEST_F(ExperimentTest, TrialsAreShortAndNeverSeeTheTestPictures) {
  const Experiment found = experiment(std::string(kTwoVariants) +
                                      "tune: {values: [0.1, 0.02], epochs: 2, seeds: 2, set: "
                                      "{data.val_split: 0.3}}\nseeds: 3\n");
  const std::vector<PlannedRun> trials = planned_trials(found);
  ASSERT_EQ(trials.size(), 8u);  // two nets, two values, two seeds
  for (const PlannedRun& trial : trials) {
    EXPECT_FALSE(trial.config.train.test);
    EXPECT_EQ(trial.config.train.epochs, 2);
    EXPECT_EQ(trial.config.data.val_split, 0.3);
    EXPECT_EQ(trial.restarts, 0);
  }
  EXPECT_EQ(without_folder(trials[1].folder.string()),
            "out/trial/pool/tune/optimizer.lr-0.02/seed1");
  EXPECT_EQ(trials[1].config.optimizer.lr, 0.02);
  const std::vector<PlannedRun> runs = planned_runs(found, {1, 0});
  ASSERT_EQ(runs.size(), 6u);
  EXPECT_EQ(runs[0].config.optimizer.lr, 0.02);
  EXPECT_EQ(runs[1].config.optimizer.lr, 0.1);
  EXPECT_EQ(runs[0].config.train.epochs, 3);
  EXPECT_EQ(runs[0].config.data.val_split, 0.1);
  EXPECT_TRUE(runs[0].config.train.test);
  EXPECT_EQ(runs[0].restarts, 3);
}

// All-CNN-C against ConvPool-CNN-C: equal parameters as they are, equal multiply-adds when the
// second is narrower. 270.8 and 398.2 million at full width.
TEST_F(ExperimentTest, WidthsThatMakeCostsEqual) {
  write("c.yaml", "data: {name: synth10}\nmodel: {name: springenberg, base: C}\n");
  const char* const kNets =
      "base: c.yaml\n"
      "variants:\n"
      "  conv_pool: {model.downsample: conv_pool}\n"
      "  all_conv: {model.downsample: all_conv}\n"
      "  narrow: {model.downsample: conv_pool, equal_macs: all_conv}\n"
      "  thin: {model.downsample: conv_pool, equal_parameters: other}\n"
      "  other: {model.downsample: strided}\n"
      "pairs:\n"
      "  a: {a: all_conv, b: conv_pool, equal: parameters}\n"
      "  b: {a: all_conv, b: narrow, equal: macs}\n"
      "  c: {a: thin, b: other, equal: parameters}\n";
  write("nets.yaml", std::string("compare: nets\n") + kNets);
  const Experiment found = make_experiment(read_plan(folder_ / "nets.yaml"));
  const auto cost = [&](const char* variant) { return found.cell(0, variant).cost; };
  EXPECT_EQ(cost("all_conv").parameters, 1'369'738);
  EXPECT_EQ(cost("conv_pool").parameters, 1'369'738);
  EXPECT_LT(cost_gap(cost("all_conv").macs, cost("narrow").macs), 0.02);
  EXPECT_GT(cost_gap(cost("all_conv").macs, cost("conv_pool").macs), 0.3);
  EXPECT_LT(cost_gap(cost("thin").parameters, cost("other").parameters), 0.02);
  EXPECT_LT(found.cell(0, "narrow").config.model.width, 0.9);
}

TEST_F(ExperimentTest, WrongKeysAndValuesAreSaidOnceWithTheirPlace) {
  const std::string errors = errors_in(
      "variants:\n"
      "  one: {model.downsampel: strided}\n"
      "  two: {model.downsample: stridet}\n"
      "grid: {data.limt: [1, 2]}\n");
  EXPECT_THAT(errors, HasSubstr("plan.yaml:4:9: error: unknown key 'downsampel' under model; did "
                                "you mean 'downsample'?"));
  EXPECT_THAT(errors, HasSubstr("plan.yaml:5:27: error: model.downsample: expected one of"));
  EXPECT_THAT(errors, HasSubstr("did you mean 'strided'?"));
  const std::string limit = "plan.yaml:6:8: error: unknown key 'limt' under data";
  EXPECT_THAT(errors, HasSubstr(limit));
  EXPECT_EQ(errors.find(limit), errors.rfind(limit));
}

TEST_F(ExperimentTest, WhatCannotBeCompared) {
  EXPECT_THAT(errors_in("variants: {one: {}, two: {}}\n"),
              HasSubstr("variants one and two are the same configuration"));
  EXPECT_THAT(errors_in(kTwoVariants, {"train.seed=3"}),
              HasSubstr("override #1: error: train.seed is set by the comparison itself"));
  EXPECT_THAT(errors_in(kTwoVariants, {"model.downsample=avg_pool"}),
              HasSubstr("are the same configuration"));
  EXPECT_THAT(
      errors_in(std::string(kTwoVariants) + "pairs: {x: {a: pool, b: stride, equal: macs}}\n"),
      HasSubstr("pairs.x: the multiply-adds are not equal, pool has"));
  EXPECT_THAT(errors_in(std::string(kTwoVariants) + "tune: {values: [0.1]}\n"
                                                    "set: {data.val_split: 0}\n"),
              HasSubstr("tune: the trials need validation pictures"));
  EXPECT_THAT(errors_in(std::string(kTwoVariants) + "seeds: 1\ntune: {values: [0.1], seeds: 2}\n"),
              HasSubstr("tune.seeds: the comparison has 1 seeds"));
  EXPECT_THAT(errors_in(std::string(kTwoVariants) + "grid: {data.limit: [50, 50]}\n"),
              HasSubstr("grid: two values have the same folder, pool/data.limit-50"));
  EXPECT_THAT(errors_in("variants:\n  a: {model.downsample: strided, equal_macs: b}\n"
                        "  b: {equal_macs: a}\n"),
              HasSubstr("variant a: b has no width of its own to follow"));
}

// Three poolings of 2x2 need pictures of 8 pixels.
TEST_F(ExperimentTest, ANetThatCannotBeBuiltNamesItsVariant) {
  EXPECT_THAT(errors_in(std::string(kTwoVariants) +
                        "set: {data: {name: image_folder, root: pets, image_size: 4}}\n"),
              HasSubstr("plan.yaml:4:3: error: variant pool: "));
}

}  // namespace
}  // namespace weir
