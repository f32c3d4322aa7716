// Everything under configs/ is ready to run: it loads, and its network can be built. Comparisons
// have a test of their own, tests/compare/committed_plans_test.cpp.
#include <algorithm>
#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "config_text.h"
#include "models/registry.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = WEIR_SOURCE_DIR "/configs";

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const bool is_plan = entry.path().parent_path().filename() == "compare";
    if (entry.path().extension() == ".yaml" && !is_plan) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST(CommittedConfigs, LoadAndBuild) {
  const std::vector<fs::path> files = files_in(kFolder);
  EXPECT_GE(files.size(), 15u);
  for (const fs::path& file : files) {
    SCOPED_TRACE(file);
    EXPECT_NO_THROW(build_model(load_config(file).config.model));
  }
}

// Recipes go under a network: every one of them fits every network.
TEST(CommittedConfigs, EveryRecipeFitsEveryNetwork) {
  for (const fs::path& recipe : files_in(kFolder / "recipes")) {
    for (const char* network : {"springenberg_a", "springenberg_b", "springenberg_c", "lenet5",
                                "vgg_mini", "vgg_mini_layers"}) {
      SCOPED_TRACE(recipe.string() + " " + network);
      const fs::path file = kFolder / (std::string(network) + ".yaml");
      const std::string text = "extends: [" + recipe.string() + ", " + file.string() + "]\n";
      EXPECT_NO_THROW(build_model(load_config_text(text, "c.yaml").config.model));
    }
  }
}

TEST(CommittedConfigs, PaperRecipeIsThePapers) {
  const Config config = load_config(kFolder / "all_cnn_c.yaml").config;
  EXPECT_EQ(config.model.name, "springenberg");
  EXPECT_EQ(config.model.base, "C");
  EXPECT_EQ(config.model.downsample, "all_conv");
  EXPECT_EQ(config.model.input_dropout, 0.2);
  EXPECT_EQ(config.model.dropout, 0.5);
  EXPECT_FALSE(config.model.batch_norm);
  EXPECT_EQ(config.data.normalize, "gcn_zca");
  EXPECT_FALSE(config.data.augment.any());
  EXPECT_EQ(config.optimizer.weight_decay, 1e-3);
  EXPECT_EQ(config.optimizer.momentum, 0.9);
  EXPECT_EQ(config.scheduler.milestones, (std::vector<int>{200, 250, 300}));
  EXPECT_EQ(config.train.epochs, 350);
}

// The three trainings whose PyTorch counterparts are known.
TEST(CommittedConfigs, JpegTrainings) {
  const struct {
    const char* file;
    int epochs;
    double lr;
    bool augments;
  } rows[] = {
      {"lenet5", 20, 0.05, false}, {"vgg_mini", 30, 0.1, true}, {"all_cnn_c", 30, 0.1, true}};
  for (const auto& row : rows) {
    const Config config =
        load_config(kFolder / "cifar10-jpeg" / (std::string(row.file) + ".yaml")).config;
    SCOPED_TRACE(row.file);
    EXPECT_EQ(config.train.epochs, row.epochs);
    EXPECT_EQ(config.optimizer.lr, row.lr);
    EXPECT_EQ(config.data.augment.crop_padding, row.augments ? 4 : 0);
    EXPECT_EQ(config.data.augment.hflip, row.augments ? 0.5f : 0.f);
    EXPECT_EQ(config.model.batch_norm, row.augments);
    EXPECT_EQ(config.optimizer.weight_decay, 5e-4);
    EXPECT_TRUE(config.optimizer.nesterov);
    EXPECT_EQ(config.scheduler.name, "onecycle");
    EXPECT_EQ(config.data.batch_size, 128);
    EXPECT_GT(config.data.val_split, 0);  // validation chooses the best epoch
  }
}

TEST(CommittedConfigs, QuickStartNeedsNoData) {
  EXPECT_EQ(load_config(kFolder / "quickstart.yaml").config.data.name, "synth10");
}

}  // namespace
}  // namespace weir
