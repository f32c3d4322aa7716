#include "train/config/overrides.h"

#include <gtest/gtest.h>

#include "config_text.h"

namespace weir {
namespace {

TEST(Overrides, AreStrongerThanTheFileAndLaterOnesWin) {
  const Config config = config_of("train: {epochs: 3, seed: 4}\n",
                                  {"train.epochs=5", "optimizer.lr=1e-3", "train.epochs=6"});
  EXPECT_EQ(config.train.epochs, 6);
  EXPECT_EQ(config.train.seed, 4u);
  EXPECT_EQ(config.optimizer.lr, 1e-3);
}

TEST(Overrides, ValuesAreYaml) {
  const Config config = config_of(
      "name: x", {"scheduler={name: multistep, milestones: [5, 8]}", "data.augment=[{hflip: 0.5}]",
                  "data.limit=null", "expect.val_acc='>=0.5'", "train.fail_if_stuck.below=0.2"});
  EXPECT_EQ(config.scheduler.milestones, (std::vector<int>{5, 8}));
  EXPECT_EQ(config.data.augment.hflip, 0.5f);
  EXPECT_EQ(config.expect.val_acc->bound, 0.5);
  EXPECT_EQ(config.train.fail_if_stuck.below, 0.2);
}

TEST(Overrides, SectionsMerge) {
  const Config config =
      config_of("optimizer: {lr: 0.2, momentum: 0.7}", {"optimizer={momentum: 0.5}"});
  EXPECT_EQ(config.optimizer.lr, 0.2);
  EXPECT_EQ(config.optimizer.momentum, 0.5);
}

TEST(Overrides, TildeTakesAKeyBackToItsDefault) {
  const Config config = config_of("optimizer: {lr: 0.2, momentum: 0.7}\ntrain: {epochs: 3}",
                                  {"~optimizer.lr", "~train", "~data.limit"});
  EXPECT_EQ(config.optimizer.lr, OptimizerConfig{}.lr);
  EXPECT_EQ(config.optimizer.momentum, 0.7);
  EXPECT_EQ(config.train.epochs, TrainConfig{}.epochs);
}

TEST(Overrides, AfterATildeAValueHolds) {
  EXPECT_EQ(config_of("train: {epochs: 3}", {"~train.epochs", "train.epochs=4"}).train.epochs, 4);
  EXPECT_EQ(config_of("train: {epochs: 3}", {"train.epochs=4", "~train.epochs"}).train.epochs,
            TrainConfig{}.epochs);
}

TEST(Overrides, UnknownKeys) {
  EXPECT_EQ(errors_of("name: x", {"optimzer.lr=0.1", "epochs=3", "~train.epocs", "train.x.y=1"}),
            "override #1: error: unknown key 'optimzer.lr'; did you mean 'optimizer.lr'?\n"
            "override #2: error: unknown key 'epochs'; did you mean 'train.epochs'?\n"
            "override #3: error: unknown key 'train.epocs'; did you mean 'train.epochs'?\n"
            "override #4: error: unknown key 'train.x.y'");
}

TEST(Overrides, ThatAreNone) {
  EXPECT_EQ(errors_of("name: x", {"train.epochs"}),
            "override #1: error: expected KEY=VALUE or ~KEY, found 'train.epochs'");
  EXPECT_EQ(errors_of("name: x", {"~train.epochs=3"}),
            "override #1: error: expected KEY=VALUE or ~KEY, found '~train.epochs=3'");
  EXPECT_EQ(errors_of("name: x", {""}), "override #1: error: expected KEY=VALUE or ~KEY, found ''");
}

TEST(Overrides, WithBrokenValues) {
  EXPECT_EQ(errors_of("name: x", {"train.epochs=[1, 2"}).substr(0, 35),
            "override #1: error: not valid YAML:");
  EXPECT_EQ(errors_of("name: x", {"train.epochs="}),
            "override #1: error: train.epochs: expected an integer from 1 to 1e5, found nothing");
  EXPECT_EQ(errors_of("name: x", {"name=a\x01"}),
            "override #1: error: expected UTF-8 text without control characters or leading tabs");
  EXPECT_EQ(errors_of("name: x", {"optimizer={lr: 0.1, lrr: 0.2}"}),
            "override #1: error: unknown key 'lrr' under optimizer; did you mean 'lr'?");
}

TEST(Overrides, FlagsKeepTheirName) {
  const std::vector<Override> overrides = {{"train.seed=3", "--seed"}};
  EXPECT_EQ(load_config_text("name: x", "c.yaml", overrides).origins.at("train.seed"), "--seed");
}

TEST(Overrides, OriginOfEachValue) {
  const LoadedConfig config =
      loaded("train:\n  epochs: 3\n  seed: 4\n", {"optimizer.lr=0.1", "train.epochs=5"});
  EXPECT_EQ(config.origins.at("train.seed"), "c.yaml:3:9");
  EXPECT_EQ(config.origins.at("optimizer.lr"), "override #1");
  EXPECT_EQ(config.origins.at("train.epochs"), "override #2");
  EXPECT_EQ(config.origins.count("train.patience"), 0u);
}

}  // namespace
}  // namespace weir
