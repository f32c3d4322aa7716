// Every comparison under configs/compare is ready to run and asks what its name says.
#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compare/plan/experiment.h"
#include "compare/plan/plan_file.h"
#include "models/downsample.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = WEIR_SOURCE_DIR "/configs/compare";

Experiment load(const std::string& name) {
  return make_experiment(read_plan(kFolder / (name + ".yaml")));
}

TEST(CommittedPlans, AllLoadAndHaveTheirOwnFolders) {
  std::set<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    const std::string name = entry.path().stem().string();
    if (name[0] == '_') continue;  // parts of others
    SCOPED_TRACE(name);
    Experiment experiment;
    ASSERT_NO_THROW(experiment = load(name));
    EXPECT_TRUE(folders.insert(experiment.folder).second);
  }
  EXPECT_EQ(folders.size(), 12 + 3u);
}

TEST(CommittedPlans, TwelveNetsInFourTiers) {
  const struct {
    const char* tier;
    int epochs;
    size_t seeds, variants;
  } tiers[] = {{"paper", 350, 3, 4}, {"fast", 30, 5, 5}, {"mini", 12, 5, 5}, {"smoke", 2, 2, 5}};
  for (const std::string base : {"a", "b", "c"}) {
    for (const auto& tier : tiers) {
      const Experiment experiment = load(base + "_" + tier.tier);
      SCOPED_TRACE(base + tier.tier);
      EXPECT_EQ(experiment.cells.size(), tier.variants);
      EXPECT_EQ(experiment.plan.seeds.size(), tier.seeds);
      for (const Cell& cell : experiment.cells) {
        EXPECT_EQ(cell.config.model.base, std::string(1, static_cast<char>(base[0] - 'a' + 'A')));
        EXPECT_EQ(cell.config.train.epochs, tier.epochs);
      }
      EXPECT_EQ(experiment.cell(0, "base").config.model.downsample, "max_pool");
      EXPECT_EQ(experiment.cell(0, "strided").config.model.downsample, "strided");
      EXPECT_EQ(experiment.cell(0, "conv_pool").config.model.downsample, "conv_pool");
      EXPECT_EQ(experiment.cell(0, "all_conv").config.model.downsample, "all_conv");
    }
  }
}

// The counts of the paper's nets (without batch norm) that models/ tests too: the plan must not
// change the nets.
TEST(CommittedPlans, PaperTierIsThePapersNets) {
  const Experiment experiment = load("c_paper");
  EXPECT_EQ(experiment.cell(0, "base").cost.parameters, 954'730);
  EXPECT_EQ(experiment.cell(0, "strided").cost.parameters, 954'730);
  EXPECT_EQ(experiment.cell(0, "conv_pool").cost.parameters, 1'369'738);
  EXPECT_EQ(experiment.cell(0, "all_conv").cost.parameters, 1'369'738);
  for (const Cell& cell : experiment.cells) {
    ASSERT_EQ(cell.candidates.size(), 4u);
    EXPECT_EQ(cell.candidates[0].config.optimizer.lr, 0.25);
    EXPECT_EQ(cell.candidates[3].config.optimizer.lr, 0.01);
    EXPECT_EQ(cell.candidates[0].config.data.val_split, 0);
    EXPECT_EQ(cell.candidates[0].trial.data.val_split, 0.1);
  }
}

TEST(CommittedPlans, TheExerciseOfTheChapter) {
  const Experiment experiment = load("vgg_exercise");
  ASSERT_EQ(experiment.cells.size(), 2u);
  EXPECT_EQ(experiment.plan.seeds.size(), 5u);
  EXPECT_EQ(experiment.cells[0].config.model.downsample, "max_pool");
  EXPECT_EQ(experiment.cells[1].config.model.downsample, "all_conv");
  for (const Cell& cell : experiment.cells) {
    EXPECT_EQ(cell.config.model.name, "vgg_mini");
    EXPECT_EQ(cell.config.train.epochs, 10);
  }
}

TEST(CommittedPlans, TheAblationHasEveryDownsampleWord) {
  const Experiment experiment = load("pooling_ablation");
  std::set<std::string> found, words;
  for (const Cell& cell : experiment.cells) found.insert(cell.config.model.downsample);
  for (const DownsampleWord& word : downsample_words()) words.emplace(word.name);
  EXPECT_EQ(found, words);
  EXPECT_EQ(experiment.plan.pairs.size(), words.size() - 1);
  for (const PlanPair& pair : experiment.plan.pairs) EXPECT_EQ(pair.b, "max_pool");
}

}  // namespace
}  // namespace weir
