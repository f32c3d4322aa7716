#include "train/config/extends.h"

#include <gtest/gtest.h>

#include "config_text.h"

namespace weir {
namespace {

class Extends : public ConfigFolder {};

TEST_F(Extends, MapsMergeAndListsReplace) {
  write("base.yaml",
        "optimizer: {lr: 0.1, momentum: 0.8}\n"
        "scheduler: {name: multistep, milestones: [1, 2, 3]}\n");
  write("c.yaml", "extends: base.yaml\noptimizer: {lr: 0.2}\nscheduler: {milestones: [7]}\n");
  const Config config = load_config(path("c.yaml")).config;
  EXPECT_EQ(config.optimizer.lr, 0.2);
  EXPECT_EQ(config.optimizer.momentum, 0.8);
  EXPECT_EQ(config.scheduler.milestones, (std::vector<int>{7}));
}

TEST_F(Extends, LaterFilesOfAListAreStronger) {
  write("a.yaml", "train: {epochs: 1, seed: 11}\n");
  write("b.yaml", "train: {epochs: 2, patience: 5}\n");
  write("c.yaml", "extends: [a.yaml, b.yaml]\n");
  const Config config = load_config(path("c.yaml")).config;
  EXPECT_EQ(config.train.epochs, 2);
  EXPECT_EQ(config.train.seed, 11u);
  EXPECT_EQ(config.train.patience, 5);
}

TEST_F(Extends, IsRelativeToTheFileThatNamesIt) {
  write("recipes/short.yaml", "extends: parts/seed.yaml\ntrain: {epochs: 3}\n");
  write("recipes/parts/seed.yaml", "train: {seed: 5}\n");
  write("nets/c.yaml", "extends: ../recipes/short.yaml\n");
  const LoadedConfig config = load_config(path("nets/c.yaml"));
  EXPECT_EQ(config.config.train.epochs, 3);
  EXPECT_EQ(config.config.train.seed, 5u);
  EXPECT_EQ(without_folder(config.origins.at("train.seed")), "recipes/parts/seed.yaml:1:15");
}

TEST_F(Extends, CycleNamesTheChain) {
  write("a.yaml", "extends: b.yaml\n");
  write("b.yaml", "train: {epochs: 3}\nextends: [c.yaml]\n");
  write("c.yaml", "extends: a.yaml\n");
  EXPECT_EQ(errors_of_file("a.yaml"),
            "c.yaml:1:10: error: extends goes in a circle: a.yaml -> b.yaml -> c.yaml -> a.yaml");
}

TEST_F(Extends, OfItself) {
  write("a.yaml", "extends: ./a.yaml\n");
  EXPECT_EQ(errors_of_file("a.yaml"),
            "a.yaml:1:10: error: extends goes in a circle: a.yaml -> a.yaml");
}

TEST_F(Extends, CycleThroughALink) {
  write("a.yaml", "extends: link.yaml\n");
  std::filesystem::create_symlink(folder_ / "a.yaml", folder_ / "link.yaml");
  EXPECT_EQ(errors_of_file("a.yaml"),
            "a.yaml:1:10: error: extends goes in a circle: a.yaml -> link.yaml");
}

TEST_F(Extends, SameBaseTwiceIsNoCycle) {
  write("base.yaml", "train: {epochs: 3}\n");
  write("a.yaml", "extends: base.yaml\n");
  write("b.yaml", "extends: base.yaml\ntrain: {epochs: 4}\n");
  write("c.yaml", "extends: [b.yaml, a.yaml]\n");
  EXPECT_EQ(load_config(path("c.yaml")).config.train.epochs, 3);
}

TEST_F(Extends, DepthIsBounded) {
  for (int i = 0; i < 20; ++i) {
    write("f" + std::to_string(i) + ".yaml", "extends: f" + std::to_string(i + 1) + ".yaml\n");
  }
  write("f20.yaml", "name: end\n");
  const std::string errors = errors_of_file("f0.yaml");
  EXPECT_EQ(errors.substr(0, 73),
            "f8.yaml:1:10: error: extends is deeper than 8 files: f0.yaml -> f1.yaml -");
  EXPECT_EQ(errors.find('\n'), std::string::npos);
  EXPECT_EQ(errors_of_file("f12.yaml"), "");  // 8 files above the last one
}

TEST_F(Extends, NumberOfFilesIsBounded) {
  // Each file reads the next one four times: 4^7 reads without a bound.
  for (int i = 0; i < 7; ++i) {
    const std::string next = "f" + std::to_string(i + 1) + ".yaml";
    write("f" + std::to_string(i) + ".yaml",
          "extends: [" + next + ", " + next + ", " + next + ", " + next + "]\n");
  }
  write("f7.yaml", "name: end\n");
  EXPECT_NE(errors_of_file("f0.yaml").find("error: extends reads more than 64 files"),
            std::string::npos);
}

TEST_F(Extends, MissingBaseWithTheNearestName) {
  write("recipes/fast.yaml", "train: {epochs: 3}\n");
  write("c.yaml", "extends: recipes/fats.yaml\n");
  EXPECT_EQ(errors_of_file("c.yaml"),
            "c.yaml:1:10: error: extends: recipes/fats.yaml: no such file; did you mean "
            "'fast.yaml'?");
}

TEST_F(Extends, MissingFileWithTheNearestName) {
  write("vgg_mini.yaml", "name: x\n");
  EXPECT_EQ(errors_of_file("vgg_mni.yaml"),
            "vgg_mni.yaml: no such file; did you mean 'vgg_mini.yaml'?");
}

TEST_F(Extends, AFolderIsNoConfiguration) {
  EXPECT_NE(errors_of_file("../" + folder_.filename().string()).find("no such file"),
            std::string::npos);
}

TEST_F(Extends, ValuesOfOtherTypes) {
  write("c.yaml", "extends: {a: b}\n");
  EXPECT_EQ(errors_of_file("c.yaml"),
            "c.yaml:1:10: error: extends: expected a file name or a list of them, found a map");
}

TEST_F(Extends, ErrorsInABaseHaveItsName) {
  write("base.yaml", "\ntrain: {epoch: 3}\n");
  write("c.yaml", "extends: base.yaml\noptimizer: {lrr: 1}\n");
  EXPECT_EQ(errors_of_file("c.yaml"),
            "base.yaml:2:9: error: unknown key 'epoch' under train; did you mean 'epochs'?\n"
            "c.yaml:2:13: error: unknown key 'lrr' under optimizer; did you mean 'lr'?");
}

TEST_F(Extends, IsAllowedAtTheTopOnly) {
  write("c.yaml", "train: {extends: other.yaml}\n");
  EXPECT_EQ(errors_of_file("c.yaml"), "c.yaml:1:9: error: unknown key 'extends' under train");
}

TEST_F(Extends, FileThatReplacesTheKindDropsWhatBelongedToIt) {
  write("base.yaml", "scheduler: {name: multistep, milestones: [5]}\n");
  write("c.yaml", "extends: base.yaml\nscheduler: {name: onecycle}\n");
  const LoadedConfig config = load_config(path("c.yaml"));
  EXPECT_TRUE(config.config.scheduler.milestones.empty());
  EXPECT_TRUE(config.warnings.empty());
}

TEST_F(Extends, FileLargerThanTheCap) {
  write("c.yaml", std::string(300 << 10, '#'));
  EXPECT_EQ(errors_of_file("c.yaml"),
            "c.yaml: error: 307200 bytes; a configuration may have 262144");
}

}  // namespace
}  // namespace weir
