// train.precision from the configuration to the run folder and back.
#include "core/runtime/precision.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/runtime/cpu.h"
#include "tests/train/tiny_run.h"
#include "train/config/settled.h"
#include "train/trained_model.h"

namespace weir::testing {
namespace {

using ::testing::HasSubstr;

TEST(TrainPrecision, Bf16LearnsAsFp32Does) {
  const TemporaryFolder folder;
  const auto train_in = [&](const std::string& precision) {
    return train_tiny(
        tiny_config(folder.path(), {"train.epochs=12", "train.precision=" + precision}));
  };
  const TrainResult fp32 = train_in("fp32"), bf16 = train_in("bf16");
  EXPECT_GT(bf16.test->accuracy, 0.6) << "chance is 0.25";
  EXPECT_NEAR(bf16.rows[0].train_loss, fp32.rows[0].train_loss, 0.05);
  EXPECT_NE(bf16.rows[0].train_loss, fp32.rows[0].train_loss) << "bf16 changed nothing";
}

// The weights file alone computes as training did: not as fp32, which gives another loss.
TEST(TrainPrecision, AWeightsFileRemembersIt) {
  const TemporaryFolder folder;
  const TrainResult result =
      train_tiny(tiny_config(folder.path(), {"train.epochs=2", "train.precision=bf16"}));
  TrainedModel model = load_trained_model(result.folder);
  EXPECT_EQ(model.network->precision(), Precision::kBf16);
  EXPECT_EQ(evaluate_split(model, make_stripes4(), "test").scores.loss(), result.test->loss);
  model.network->set_precision(Precision::kFp32);
  EXPECT_NE(evaluate_split(model, make_stripes4(), "test").scores.loss(), result.test->loss);
}

struct Started : TrainObserver {
  void on_start(const RunInfo& started) override { info = started; }
  RunInfo info;
};

TEST(TrainPrecision, AutoIsSettledAndRecorded) {
  const TemporaryFolder folder;
  const PrecisionChoice choice = automatic_precision(tiny_config(folder.path(), {}));
  const std::string expected(name_of(choice.precision));
  Started first, second;
  const auto run = [&](Started& observer, const char* epochs) {
    const Config config =
        tiny_config(folder.path(), {"train.precision=auto", "train.resume=auto", epochs});
    return train(config, observer, {.dataset = make_stripes4()});
  };
  const TrainResult result = run(first, "train.epochs=1");
  EXPECT_EQ(first.info.precision, expected);
  EXPECT_EQ(first.info.precision_reason, choice.reason);
  EXPECT_THAT(read_file(result.folder / "config.yaml"), HasSubstr("precision: " + expected));
  const auto json = nlohmann::json::parse(read_file(result.folder / "result.json"));
  EXPECT_EQ(json["precision"], expected);
  // Resuming compares what `auto` stood for.
  EXPECT_EQ(run(second, "train.epochs=2").folder, result.folder);
  EXPECT_EQ(second.info.resumed_epochs, 1);
}

Config tiny_auto(const TemporaryFolder& folder, std::vector<std::string> more) {
  more.insert(more.end(), {"train.precision=auto", "train.resume=auto"});
  return tiny_config(folder.path(), more);
}

// The tiny network is too narrow for bf16 by choice, on any machine.
TEST(TrainPrecision, AutoGoesOnWithWhatTheRunBeganWith) {
  const TemporaryFolder folder;
  const TrainResult begun =
      train_tiny(tiny_config(folder.path(), {"train.precision=bf16", "train.epochs=1"}));
  ASSERT_EQ(settled(tiny_auto(folder, {})).train.precision, "fp32");
  Started resumed;
  const TrainResult result =
      train(tiny_auto(folder, {"train.epochs=2"}), resumed, {.dataset = make_stripes4()});
  EXPECT_EQ(result.folder, begun.folder);
  EXPECT_EQ(resumed.info.precision, "bf16");
  EXPECT_EQ(resumed.info.precision_reason, "");
  EXPECT_EQ(load_trained_model(result.folder).config.train.precision, "bf16");
}

// Another instruction set for as long as it lives.
struct UseIsa {
  explicit UseIsa(const std::string& name) { set_isa(name); }
  UseIsa(const UseIsa&) = delete;
  UseIsa& operator=(const UseIsa&) = delete;
  ~UseIsa() { set_isa(before); }
  const std::string before = isa();
};

TEST(TrainPrecision, AutoGoesOnWithItOnAnotherProcessor) {
  const std::vector<std::string> isas = available_isas();
  const std::vector<std::string> wide{
      "model.layers=[{conv2d: {out_channels: 16, kernel_size: 3}, act: relu}, "
      "{conv2d: {out_channels: 20, kernel_size: 3}, act: relu}]"};
  const auto run = [&](const TemporaryFolder& folder, const std::string& processor, int epochs) {
    const UseIsa use(processor);
    std::vector<std::string> overrides = wide;
    overrides.push_back(fmt::format("train.epochs={}", epochs));
    Started observer;
    train(tiny_auto(folder, overrides), observer, {.dataset = make_stripes4()});
    return observer.info;
  };
  for (const auto& [here, there] :
       {std::pair(isas.front(), isas.back()), std::pair(isas.back(), isas.front())}) {
    const TemporaryFolder folder, other;
    const RunInfo begun = run(folder, here, 1);
    if (begun.precision == run(other, there, 1).precision) {
      GTEST_SKIP() << "no processor here for which auto chooses bf16";
    }
    const RunInfo resumed = run(folder, there, 2);
    EXPECT_EQ(resumed.resumed_epochs, 1);
    EXPECT_EQ(resumed.precision, begun.precision);
  }
}

TEST(TrainPrecision, AutoLooksAtTheProcessorAndTheWidthOfTheNetwork) {
  const auto chosen = [](const char* model) {
    Config config;
    config.model.name = model;
    return automatic_precision(config);
  };
  EXPECT_EQ(chosen("lenet5").precision, Precision::kFp32);
  EXPECT_EQ(chosen("vgg_mini").precision, best_precision().precision);
  EXPECT_EQ(chosen("vgg_mini").reason, best_precision().reason);
}

TEST(TrainPrecision, WhatIsAskedForNeedsNoReason) {
  const TemporaryFolder folder;
  Started observer;
  train(tiny_config(folder.path(), {"train.precision=bf16", "train.epochs=1"}), observer,
        {.dataset = make_stripes4()});
  EXPECT_EQ(observer.info.precision, "bf16");
  EXPECT_EQ(observer.info.precision_reason, "");
}

}  // namespace
}  // namespace weir::testing
