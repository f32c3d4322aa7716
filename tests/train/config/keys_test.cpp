// Which keys exist, where they apply, and rules between them.
#include <set>

#include <gtest/gtest.h>

#include "config_text.h"
#include "train/config/key_search.h"
#include "train/config/strict_yaml.h"

namespace weir {
namespace {

TEST(Keys, UnknownKeyWithTheNearestName) {
  EXPECT_EQ(errors_of("optimizer: {momentun: 0.9}"),
            "c.yaml:1:13: error: unknown key 'momentun' under optimizer; did you mean 'momentum'?");
  EXPECT_EQ(errors_of("optimiser: {lr: 0.1}"),
            "c.yaml:1:1: error: unknown key 'optimiser'; did you mean 'optimizer'?");
}

TEST(Keys, KeyInTheWrongSection) {
  EXPECT_EQ(errors_of("epochs: 3"),
            "c.yaml:1:1: error: unknown key 'epochs'; did you mean 'train.epochs'?");
  EXPECT_EQ(errors_of("train: {lr: 0.1}"),
            "c.yaml:1:9: error: unknown key 'lr' under train; did you mean 'optimizer.lr'?");
}

TEST(Keys, UnknownKeyThatResemblesNothing) {
  EXPECT_EQ(errors_of("zzzzzz: 1"), "c.yaml:1:1: error: unknown key 'zzzzzz'");
}

TEST(Keys, AllErrorsAtOnceInOrder) {
  const std::string errors = errors_of(
      "name: x\ntrain: {epochs: -1, sed: 3}\nfoo: 1\n"
      "optimizer: {lr: 0.1, lr: 0.2}\n",
      {"train.seed=x"});
  EXPECT_EQ(errors,
            "c.yaml:2:17: error: train.epochs: expected an integer from 1 to 1e5, found '-1'\n"
            "c.yaml:2:21: error: unknown key 'sed' under train; did you mean 'seed'?\n"
            "c.yaml:3:1: error: unknown key 'foo'\n"
            "c.yaml:4:22: error: duplicate key 'lr'; the first one is at c.yaml:4:13\n"
            "override #1: error: train.seed: expected an integer >= 0, found 'x'");
}

TEST(Keys, SectionsNeedKeys) {
  EXPECT_EQ(errors_of("name: x\nloss:\n").substr(0, 79),
            "c.yaml:2:1: error: loss: expected keys and values (name, label_smoothing), foun");
  EXPECT_EQ(errors_of("train: {fail_if_stuck: false}"),
            "c.yaml:1:24: error: train.fail_if_stuck: expected keys and values (after_epochs, "
            "below), found 'false'");
}

TEST(Keys, KeyThatDoesNotApplyInItsOwnFile) {
  EXPECT_EQ(errors_of("scheduler: {name: cosine, milestones: [5, 8]}"),
            "c.yaml:1:39: error: scheduler.milestones means nothing here: it needs scheduler.name "
            "multistep, found cosine");
  EXPECT_EQ(errors_of("scheduler: {milestones: [5, 8]}"),
            "c.yaml:1:25: error: scheduler.milestones means nothing here: it needs scheduler.name "
            "multistep, found constant");
}

TEST(Keys, ConditionOfACondition) {
  EXPECT_EQ(errors_of("scheduler: {name: cosine, cycle_momentum: true, base_momentum: 0.8}"),
            "c.yaml:1:43: error: scheduler.cycle_momentum means nothing here: it needs "
            "scheduler.name onecycle, found cosine\n"
            "c.yaml:1:64: error: scheduler.base_momentum means nothing here: it needs "
            "scheduler.name onecycle, found cosine");
}

TEST(Keys, StrongerSourceMakesAKeyStepAside) {
  const LoadedConfig config =
      loaded("scheduler: {name: multistep, milestones: [5, 8]}", {"scheduler.name=cosine"});
  EXPECT_TRUE(config.config.scheduler.milestones.empty());
  EXPECT_FALSE(config.origins.contains("scheduler.milestones"));
  ASSERT_EQ(config.warnings.size(), 1u);
  EXPECT_EQ(config.warnings[0],
            "c.yaml:1:42: scheduler.milestones is left out: it needs scheduler.name multistep, "
            "which override #1 made cosine");
}

TEST(Keys, WeakerSourceDoesNot) {
  EXPECT_EQ(errors_of("scheduler: {name: cosine}", {"scheduler.milestones=[5]"}),
            "override #1: error: scheduler.milestones means nothing here: it needs scheduler.name "
            "multistep, found cosine");
}

TEST(Keys, TableIsConsistent) {
  std::set<std::string> paths;
  const Config defaults;
  for (const Key& key : config_keys()) {
    EXPECT_TRUE(paths.insert(key.path).second) << key.path << " is there twice";
    EXPECT_FALSE(key.help.empty()) << key.path;
    const size_t dot = key.path.rfind('.');
    EXPECT_TRUE(dot == std::string::npos || is_section(key.path.substr(0, dot))) << key.path;
    EXPECT_TRUE(key.only_with.key.empty() || find_key(key.only_with.key)) << key.path;
    EXPECT_EQ(key.only_with.key.empty(), key.only_with.values.empty()) << key.path;
  }
}

TEST(Keys, EveryDefaultKeepsItsOwnRules) {
  const Config defaults;
  for (const Key& key : config_keys()) {
    Config config;
    ProblemList problems;
    const YamlNode value = [&] {
      ProblemList none;
      return parse_yaml_value(key.write(defaults), "default", none);
    }();
    key.read(value, config, problems);
    EXPECT_TRUE(problems.empty()) << key.path << ": " << key.write(defaults);
    EXPECT_EQ(key.write(config), key.write(defaults)) << key.path;
  }
}

struct Rule {
  const char* yaml;
  const char* error;
};

class Consistency : public testing::TestWithParam<Rule> {};

TEST_P(Consistency, IsChecked) { EXPECT_EQ(errors_of(GetParam().yaml), GetParam().error); }

INSTANTIATE_TEST_SUITE_P(
    Rules, Consistency,
    testing::Values(
        Rule{"name: ../x",
             "c.yaml:1:7: error: name: '../x' names a folder: use letters, digits, '-', '_' and "
             "'.', and begin with a letter or digit"},
        Rule{"data: {augment: [{crop: {padding: 4}}, {translate: 2}]}",
             "c.yaml:1:17: error: data.augment: crop and translate both move the picture; keep one "
             "of them"},
        Rule{"data: {name: image_folder}",
             "configuration: error: data.root: image_folder needs the folder that holds one folder "
             "for each class"},
        Rule{"model: {name: vgg_mini, head: [flatten]}",
             "c.yaml:1:31: error: model.head: a list of layers needs model.name layers; vgg_mini "
             "takes gap, gmp or dense"},
        Rule{"scheduler: {name: multistep}",
             "configuration: error: scheduler.milestones: multistep needs at least one epoch"},
        Rule{"scheduler: {name: multistep, milestones: [8, 8]}",
             "c.yaml:1:42: error: scheduler.milestones: expected epochs that rise"},
        Rule{"scheduler: {name: cosine, min_lr: 1}",
             "c.yaml:1:35: error: scheduler.min_lr: is above optimizer.lr, 0.05"},
        Rule{"scheduler: {warmup_epochs: 31}",
             "c.yaml:1:28: error: scheduler.warmup_epochs: is longer than the training, 30 epochs"},
        Rule{"optimizer: {nesterov: true, momentum: 0}",
             "c.yaml:1:23: error: optimizer.nesterov: needs optimizer.momentum above 0"},
        Rule{"{train: {test: false}, expect: {test_acc: '>0.5', test_loss: '<2', val_acc: '>0.5'}}",
             "c.yaml:1:43: error: expect.test_acc: needs the test pictures, and train.test is "
             "false\n"
             "c.yaml:1:62: error: expect.test_loss: needs the test pictures, and train.test is "
             "false"},
        Rule{"finetune: {weights: x, sha256: 12AB}",
             "c.yaml:1:32: error: finetune.sha256: expected 64 digits 0-9a-f"},
        Rule{"finetune: {strict: true}",
             "c.yaml:1:20: error: finetune.strict: nothing is loaded; it needs finetune.weights"},
        Rule{"finetune: {skip: [head]}",
             "c.yaml:1:18: error: finetune.skip: nothing is loaded; it needs finetune.weights"},
        Rule{
            "finetune: {weights: x, strict: true, skip: head}",
            "c.yaml:1:44: error: finetune.skip: leaves layers out, but finetune.strict wants every "
            "tensor loaded; keep one of them"},
        Rule{"finetune: {freeze_epochs: 2}",
             "c.yaml:1:27: error: finetune.freeze_epochs: nothing is frozen; it needs "
             "finetune.freeze"},
        Rule{"finetune: {freeze_norm: false}",
             "c.yaml:1:25: error: finetune.freeze_norm: nothing is frozen; it needs "
             "finetune.freeze"}));

TEST(ConsistencyOfLayers, NeedAList) {
  EXPECT_EQ(errors_of("model: {name: layers}").substr(0, 80),
            "configuration: error: model.layers: model.name is layers, so list them, as in [{");
}

}  // namespace
}  // namespace weir
