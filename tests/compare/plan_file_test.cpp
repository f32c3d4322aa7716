// Comparison files: what they say, and every way to get them wrong.
#include "compare/plan/plan_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/compare/plan_folder.h"

namespace weir {
namespace {

using ::testing::HasSubstr;

class PlanFile : public PlanFolder {};

TEST_F(PlanFile, EverythingAFileCanSay) {
  const ComparisonPlan found = plan(
      "recipe: [base.yaml]\n"
      "set: {train.epochs: 2, optimizer: {momentum: 0.8}}\n"
      "seeds: [7, 3]\n"
      "variants:\n"
      "  one: {model.downsample: max_pool}\n"
      "  two: {model: {downsample: strided}, equal_macs: one}\n"
      "grid: {data.limit: [50, null], model.width: [0.5]}\n"
      "pairs: {first: {a: two, b: one, equal: macs}}\n"
      "tune: {key: optimizer.weight_decay, values: [0, 1.0e-3], epochs: 4, seeds: 2, set: "
      "{data.val_split: 0.2}}\n"
      "test: {method: paired, alpha: 0.1, power: 0.9}\n"
      "restarts: 1\n"
      "shift_consistency: 0\n");
  EXPECT_EQ(found.name, "trial");
  ASSERT_EQ(found.files.size(), 2u);  // the recipe is the weaker one
  EXPECT_EQ(found.files[0], folder_ / "base.yaml");
  EXPECT_EQ(found.seeds, (std::vector<uint64_t>{7, 3}));
  ASSERT_EQ(found.variants.size(), 2u);
  EXPECT_EQ(found.variants[1].name, "two");
  EXPECT_EQ(found.variants[1].equal_macs, "one");
  EXPECT_EQ(found.variants[1].values.find("model")->value.find("downsample")->value.text,
            "strided");
  EXPECT_EQ(found.set.find("train")->value.find("epochs")->value.text, "2");
  ASSERT_EQ(found.grid.size(), 2u);
  EXPECT_EQ(found.grid[0].key, "data.limit");
  EXPECT_TRUE(found.grid[0].values[1].is_null());
  ASSERT_EQ(found.pairs.size(), 1u);
  EXPECT_EQ(found.pairs[0].name, "first");
  EXPECT_EQ(found.pairs[0].a, "two");
  EXPECT_EQ(found.pairs[0].equal, "macs");
  ASSERT_TRUE(found.tune);
  EXPECT_EQ(found.tune->key, "optimizer.weight_decay");
  EXPECT_EQ(found.tune->values.size(), 2u);
  EXPECT_EQ(found.tune->epochs, 4);
  EXPECT_EQ(found.tune->seeds, 2);
  EXPECT_EQ(found.test.method, "paired");
  EXPECT_EQ(found.test.alpha, 0.1);
  EXPECT_EQ(found.test.power, 0.9);
  EXPECT_EQ(found.restarts, 1);
  EXPECT_EQ(found.shift_consistency, 0);
}

TEST_F(PlanFile, DefaultsAndShortForms) {
  const ComparisonPlan found =
      plan("variants: {model.downsample: [max_pool, strided, all_conv]}\n");
  EXPECT_EQ(found.seeds, (std::vector<uint64_t>{1, 2, 3, 4, 5}));
  ASSERT_EQ(found.variants.size(), 3u);
  EXPECT_EQ(found.variants[2].name, "all_conv");
  ASSERT_EQ(found.pairs.size(), 3u);  // everything against everything
  EXPECT_EQ(found.pairs[0].name, "strided against max_pool");
  EXPECT_EQ(found.pairs[2].name, "all_conv against strided");
  EXPECT_EQ(plan(std::string("seeds: 2\n") + kTwoVariants).seeds, (std::vector<uint64_t>{1, 2}));
  const ComparisonPlan against =
      plan("variants: {model.downsample: [max_pool, strided, all_conv]}\nbaseline: strided\n");
  ASSERT_EQ(against.pairs.size(), 2u);
  EXPECT_EQ(against.pairs[1].a, "all_conv");
  EXPECT_EQ(against.pairs[1].b, "strided");
}

TEST_F(PlanFile, ExtendsMergesMapsAndFindsFilesBesideTheirOwn) {
  write("shared/common.yaml",
        "base: ../base.yaml\nseeds: 2\nvariants: {one: {model.downsample: max_pool}}\n"
        "tune: {values: [0.1]}\n");
  write("own.yaml",
        "extends: shared/common.yaml\ncompare: own\ntune: null\n"
        "variants: {two: {model.downsample: strided}}\n");
  const ComparisonPlan found = read_plan(folder_ / "own.yaml");
  EXPECT_EQ(found.files, std::vector<std::filesystem::path>{folder_ / "base.yaml"});
  EXPECT_EQ(found.variants.size(), 2u);
  EXPECT_EQ(found.seeds.size(), 2u);
  EXPECT_FALSE(found.tune);
}

TEST_F(PlanFile, EverythingWrongIsSaidAtOnce) {
  const std::string errors = errors_in(
      "varients: {}\n"
      "seeds: 0\n"
      "variants:\n"
      "  a b: {}\n"
      "  c: 3\n"
      "test: {method: welch, alpa: 0.1}\n");
  EXPECT_THAT(errors, HasSubstr("plan.yaml:3:1: error: unknown key 'varients'; did you mean "
                                "'variants'?"));
  EXPECT_THAT(errors, HasSubstr("plan.yaml:4:8: error: seeds: expected an integer from 1 to 1000, "
                                "found '0'"));
  EXPECT_THAT(errors, HasSubstr("plan.yaml:6:3: error: variants: 'a b' names a folder"));
  EXPECT_THAT(errors, HasSubstr("plan.yaml:7:6: error: variants.c: expected configuration keys and "
                                "values, found '3'"));
  EXPECT_THAT(errors, HasSubstr("plan.yaml:8:16: error: test.method: expected one of auto, paired, "
                                "unpaired, found 'welch'"));
  EXPECT_THAT(errors, HasSubstr("unknown key 'alpa' under test; did you mean 'alpha'?"));
}

struct BadPlan {
  const char* lines;
  const char* says;
};
void PrintTo(const BadPlan& bad, std::ostream* out) { *out << bad.says; }

class BadPlanTest : public PlanFolder, public ::testing::WithParamInterface<BadPlan> {
 protected:
  void SetUp() override { PlanFolder::SetUp(); }
};

TEST_P(BadPlanTest, IsRefusedWithItsPlace) {
  const std::string errors = errors_in(std::string(kTwoVariants) + GetParam().lines);
  EXPECT_THAT(errors, HasSubstr("plan.yaml:"));
  EXPECT_THAT(errors, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Bad, BadPlanTest,
    ::testing::Values(
        BadPlan{"seeds: [1, 2, 1]\n", "each seed may stand there once"},
        BadPlan{"seeds: [1000000]\n", "seeds: expected a list of integers from 0 to 999999"},
        BadPlan{"seeds: many\n", "seeds: expected an integer"},
        BadPlan{"restarts: -1\n", "restarts: expected an integer from 0 to 99"},
        BadPlan{"recipe: basic.yaml\n", "recipe: there is no file"},
        BadPlan{"baseline: pol\n", "baseline: there is no variant 'pol'; did you mean 'pool'?"},
        BadPlan{"baseline: pool\npairs: {}\n", "pairs and baseline both say what is tested"},
        BadPlan{"pairs: {x: {a: pool}}\n", "pairs.x: needs two different variants, a and b"},
        BadPlan{"pairs: {x: {a: pool, b: strid}}\n",
                "pairs.x.b: there is no variant 'strid'; did you mean 'stride'?"},
        BadPlan{"pairs: {x: {a: pool, b: stride, equal: time}}\n",
                "pairs.x.equal: expected one of parameters, macs, found 'time'"},
        BadPlan{"pairs: [x]\n", "pairs: expected NAME: {a: VARIANT, b: VARIANT}"},
        BadPlan{"grid: {data.limit: 5}\n", "grid.data.limit: expected a list of values, found '5'"},
        BadPlan{"grid: {data.limit: []}\n", "expected a list of values, found an empty one"},
        BadPlan{"grid: {train.seed: [1]}\n", "train.seed is set by the comparison itself"},
        BadPlan{"set: {output.dir: x}\n", "set: output.dir is set by the comparison itself"},
        BadPlan{"tune: {key: optimizer.lr}\n", "tune: needs values"},
        BadPlan{"tune: {values: [[1]]}\n", "tune.values: expected a single value, found a list"},
        BadPlan{"tune: 3\n", "tune: expected keys and values (key, values, epochs, seeds, set)"},
        BadPlan{"test: {alpha: 1}\n", "test.alpha: expected a number from above 0 to below 1"}));

TEST(PlanKeys, AreAllExplained) {
  const std::string page = read_file(WEIR_SOURCE_DIR "/docs/comparing.md");
  EXPECT_EQ(plan_keys().size(), 13u);
  for (const std::string& key : plan_keys()) EXPECT_THAT(page, HasSubstr("`" + key + "`")) << key;
}

TEST_F(PlanFile, WhatIsMissing) {
  write("plan.yaml", "seeds: 2\n");
  try {
    read_plan(folder_ / "plan.yaml");
    FAIL();
  } catch (const Error& error) {
    const std::string errors = without_folder(error.what());
    EXPECT_THAT(errors, HasSubstr("plan.yaml:1:1: error: compare: needs a name"));
    EXPECT_THAT(errors, HasSubstr("base: needs the configuration that the nets share"));
    EXPECT_THAT(errors, HasSubstr("variants: needs the nets to compare"));
  }
  EXPECT_THROW(read_plan(folder_ / "plam.yaml"), Error);
}

}  // namespace
}  // namespace weir
