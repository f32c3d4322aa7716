// Values of every type: what is taken, and the exact message for what is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config_text.h"

namespace weir {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Values, EveryTypeIsRead) {
  const Config config = config_of(R"(
name: first-try
data: {root: null, val_split: 0.25, limit: 4000, augment: [{hflip: 0.3}, {cutout: 8}]}
optimizer: {name: adamw, betas: [0.8, 0.95]}
scheduler: {name: multistep, milestones: [5, 8]}
train: {seed: 9007199254740993, threads: auto, ema_decay: 0.99}
output: {images: false}
expect: {val_acc: ">=0.60", test_loss: "< 2"}
)");
  EXPECT_EQ(config.name, "first-try");
  EXPECT_FALSE(config.data.root.has_value());
  EXPECT_EQ(config.data.val_split, 0.25);
  EXPECT_EQ(config.data.limit, 4000);
  EXPECT_EQ(config.data.augment.hflip, 0.3f);
  EXPECT_EQ(config.data.augment.cutout, 8);
  EXPECT_EQ(config.data.augment.crop_padding, 0);
  EXPECT_EQ(config.optimizer.betas, (std::vector<double>{0.8, 0.95}));
  EXPECT_EQ(config.scheduler.milestones, (std::vector<int>{5, 8}));
  EXPECT_EQ(config.train.seed, 9007199254740993u);  // no double holds this
  EXPECT_FALSE(config.train.threads.has_value());
  EXPECT_EQ(config.train.ema_decay, 0.99);
  EXPECT_FALSE(config.output.images);
  EXPECT_EQ(config.expect.val_acc->str(), ">=0.6");
  EXPECT_EQ(config.expect.test_loss->str(), "<2");
}

TEST(Values, TextsAreAListOrOneAlone) {
  EXPECT_EQ(config_of("finetune: {freeze: [backbone, 'features.*']}").finetune.freeze,
            (std::vector<std::string>{"backbone", "features.*"}));
  EXPECT_EQ(config_of("finetune: {freeze: head}").finetune.freeze,
            (std::vector<std::string>{"head"}));
  EXPECT_EQ(errors_of("finetune: {freeze: {a: 1}}"),
            "c.yaml:1:20: error: finetune.freeze: expected a text or a list of texts, found a map");
  EXPECT_EQ(
      errors_of("finetune: {freeze: [head, [a]]}"),
      "c.yaml:1:27: error: finetune.freeze: expected a text or a list of texts, found a list");
}

TEST(Values, GroupsAreRead) {
  const Config config = config_of(
      "optimizer: {groups: [{match: 'classifier.*', lr_scale: 10, weight_decay: 0}, {match: "
      "head}]}");
  ASSERT_EQ(config.optimizer.groups.size(), 2u);
  EXPECT_EQ(config.optimizer.groups[0].match, "classifier.*");
  EXPECT_EQ(config.optimizer.groups[0].lr_scale, 10);
  EXPECT_EQ(config.optimizer.groups[0].weight_decay, 0);
  EXPECT_EQ(config.optimizer.groups[1].lr_scale, 1);
  EXPECT_FALSE(config.optimizer.groups[1].weight_decay.has_value());
}

TEST(Values, GroupsReportAllThatIsWrong) {
  const std::string found = errors_of(
      "optimizer: {groups: [{match: head, lr_scal: 2}, {lr_scale: 0}, {match: a, weight_decay: "
      "-1}, "
      "head]}");
  EXPECT_THAT(
      found,
      AllOf(HasSubstr("error: unknown key 'lr_scal' under optimizer.groups; did you mean "
                      "'lr_scale'?"),
            HasSubstr("error: optimizer.groups.lr_scale: expected a number > 0, found '0'"),
            HasSubstr("error: optimizer.groups: a group needs match"),
            HasSubstr("optimizer.groups.weight_decay: expected a number >= 0 or null, found '-1'"),
            HasSubstr("error: optimizer.groups: expected a list of {match: PATTERN, lr_scale: F, "
                      "weight_decay: W}, found 'head'")));
}

TEST(Values, IntegersRefuseEverythingElse) {
  const auto message = [](const char* found) {
    return std::string(
               "c.yaml:1:17: error: train.epochs: expected an integer from 1 to 1e5, found ") +
           found;
  };
  EXPECT_EQ(errors_of("train: {epochs: 0}"), message("'0'"));
  EXPECT_EQ(errors_of("train: {epochs: 3.0}"), message("'3.0'"));
  EXPECT_EQ(errors_of("train: {epochs: 1e3}"), message("'1e3'"));
  EXPECT_EQ(errors_of("train: {epochs: \"3\"}"), message("'3'"));
  EXPECT_EQ(errors_of("train: {epochs: 010}"), message("'010': leading zeros are not allowed"));
  EXPECT_EQ(errors_of("train: {epochs: 99999999999}"), message("'99999999999'"));
  EXPECT_EQ(errors_of("train: {epochs: 99999999999999999999}"),
            message("'99999999999999999999': the number does not fit"));
  EXPECT_EQ(errors_of("train: {epochs: [3]}"), message("a list"));
  EXPECT_EQ(errors_of("train: {epochs: ~}"), message("nothing"));
}

TEST(Values, NegativeSeed) {
  EXPECT_EQ(errors_of("train: {seed: -1}"),
            "c.yaml:1:15: error: train.seed: expected an integer >= 0, found '-1'");
}

TEST(Values, NumbersRefuseEverythingElse) {
  const auto message = [](const char* found) {
    return std::string("c.yaml:1:17: error: optimizer.lr: expected a number > 0, found ") + found;
  };
  EXPECT_EQ(errors_of("optimizer: {lr: 0}"), message("'0'"));
  EXPECT_EQ(errors_of("optimizer: {lr: fast}"), message("'fast'"));
  EXPECT_EQ(errors_of("optimizer: {lr: .inf}"), message("'.inf'"));
  EXPECT_EQ(errors_of("optimizer: {lr: nan}"), message("'nan'"));
  EXPECT_EQ(errors_of("optimizer: {lr: 1,5}").substr(0, 12), "c.yaml:1:19:");
}

TEST(Values, OnlyTrueAndFalseAreBools) {
  for (const char* word : {"yes", "no", "on", "off", "True", "TRUE", "1", "y"}) {
    EXPECT_EQ(errors_of(std::string("output: {images: ") + word + "}"),
              std::string("c.yaml:1:18: error: output.images: expected true or false, found '") +
                  word + "'");
  }
}

TEST(Values, WordsOfAChoice) {
  EXPECT_EQ(errors_of("optimizer: {name: sdg}"),
            "c.yaml:1:19: error: optimizer.name: expected one of sgd, adamw, found 'sdg'; did you "
            "mean 'sgd'?");
  EXPECT_THAT(errors_of("model: {downsample: allconv}"),
              AllOf(StartsWith("c.yaml:1:21: error: model.downsample: expected one of max_pool, "
                               "avg_pool, "),
                    HasSubstr(", soft_pool, "),
                    EndsWith(" or null, found 'allconv'; did you mean 'all_conv'?")));
}

TEST(Values, Precision) {
  EXPECT_EQ(errors_of("train: {precision: bf16}"), "");
  EXPECT_EQ(errors_of("train: {precision: bf61}"),
            "c.yaml:1:20: error: train.precision: expected one of fp32, bf16, auto, found 'bf61'; "
            "did you mean 'bf16'?");
}

TEST(Values, BatchSizeZero) {
  EXPECT_EQ(errors_of("data: {batch_size: 0}"),
            "c.yaml:1:20: error: data.batch_size: expected an integer from 1 to 65536, found '0'");
}

TEST(Values, ListsOfTheWrongLengthOrContent) {
  EXPECT_EQ(errors_of("optimizer: {name: adamw, betas: [0.9]}"),
            "c.yaml:1:33: error: optimizer.betas: expected a list of 2 numbers from 0 to below 1, "
            "found a list of 1");
  EXPECT_EQ(
      errors_of("scheduler: {name: multistep, milestones: [5, x, 0]}"),
      "c.yaml:1:46: error: scheduler.milestones: expected a list of integers >= 1, found 'x'\n"
      "c.yaml:1:49: error: scheduler.milestones: expected a list of integers >= 1, found '0'");
}

TEST(Values, Expectations) {
  EXPECT_EQ(errors_of("expect: {val_acc: 0.6}"),
            "c.yaml:1:19: error: expect.val_acc: expected a relation and a number, such as "
            "\">=0.60\" or null, found '0.6'");
  const Expectation at_least = parse_expectation(">= 0.5");
  EXPECT_TRUE(at_least.holds(0.5) && !at_least.holds(0.49));
  EXPECT_TRUE(parse_expectation("<1").holds(0.9) && !parse_expectation("<1").holds(1.0));
  EXPECT_TRUE(parse_expectation(">0").holds(0.1) && !parse_expectation(">0").holds(0.0));
  EXPECT_TRUE(parse_expectation("<=1").holds(1.0) && !parse_expectation("<=1").holds(1.1));
  for (const char* text : {"", ">=", "=0.5", "==1", ">=x", "> > 1"}) {
    EXPECT_THROW(parse_expectation(text), Error) << text;
  }
}

TEST(Values, Augmentation) {
  const Config config =
      config_of("data: {augment: [{crop: {padding: 4, padding_mode: reflect}}, {hflip: 0.5}]}");
  EXPECT_EQ(config.data.augment.crop_padding, 4);
  EXPECT_EQ(config.data.augment.padding_mode, "reflect");
  EXPECT_EQ(errors_of("data: {augment: [{hfilp: 0.5}]}"),
            "c.yaml:1:19: error: unknown augmentation 'hfilp' under data.augment: expected hflip, "
            "crop, translate, cutout; did you mean 'hflip'?");
  EXPECT_EQ(errors_of("data: {augment: [{hflip: 2}]}"),
            "c.yaml:1:26: error: data.augment.hflip: expected a number from 0 to 1, found '2'");
  EXPECT_EQ(errors_of("data: {augment: [{hflip: 0.1}, {hflip: 0.5}]}"),
            "c.yaml:1:33: error: data.augment: 'hflip' is there twice");
  EXPECT_EQ(errors_of("data: {augment: [{crop: 4}]}"),
            "c.yaml:1:25: error: data.augment.crop: expected {padding: N}, found '4'");
  EXPECT_EQ(errors_of("data: {augment: [{crop: {padding: 4, mode: zero}}]}"),
            "c.yaml:1:38: error: unknown key 'mode' under data.augment.crop");
  EXPECT_EQ(errors_of("data: {augment: [hflip]}").substr(0, 61),
            "c.yaml:1:18: error: data.augment: expected a list of {hflip: ");
}

TEST(Values, LongTextIsCutInMessages) {
  const std::string errors = errors_of("train: {epochs: " + std::string(5000, 'x') + "}");
  EXPECT_LT(errors.size(), 200u);
  EXPECT_NE(errors.find("xxx...'"), std::string::npos);
}

}  // namespace
}  // namespace weir
