// weir bench: what it prints has the right form and adds up. No time is judged.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/run_command.h"

namespace weir::testing {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Lt;

class BenchTest : public ::testing::Test {
 protected:
  CommandResult bench(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "bench");
    return run_weir(arguments, {.folder = folder_.path(),
                                .environment = {"WEIR_DATA=" + (folder_.path() / "data").string(),
                                                "WEIR_CACHE=" + (folder_.path() / "cache").string(),
                                                "HOME=" + folder_.path().string()}});
  }
  nlohmann::json bench_json(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--json", "--seconds", "0.1"});
    const CommandResult result = bench(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return nlohmann::json::parse(result.out);  // exactly one object
  }
  TempFolder folder_;
  const std::string lenet5_ = folder_.write("lenet5.yaml", "model: {name: lenet5}\n");
};

TEST_F(BenchTest, NumbersAreFiniteAndFitTogether) {
  const auto report = bench_json({lenet5_, "--batch", "40", "--threads", "1"});
  EXPECT_EQ(report["batch"], 40);
  EXPECT_EQ(report["threads"], 1);
  EXPECT_EQ(report["precision"], "fp32");
  EXPECT_EQ(report["parameters"], 62006);
  for (const char* key : {"img_per_s", "flop_per_s", "peak_flop_per_s", "copy_bytes_per_s",
                          "tensor_peak_mb", "peak_rss_mb"}) {
    EXPECT_THAT(report[key].get<double>(), Gt(0.0)) << key;
    EXPECT_TRUE(std::isfinite(report[key].get<double>())) << key;
  }
  const auto slices = report["img_per_s_slices"].get<std::vector<double>>();
  ASSERT_FALSE(slices.empty());
  EXPECT_THAT(report["img_per_s"].get<double>(),
              AllOf(Ge(*std::min_element(slices.begin(), slices.end())),
                    Le(*std::max_element(slices.begin(), slices.end()))));
  EXPECT_THAT(report["tensor_peak_mb"].get<double>(), Lt(report["peak_rss_mb"].get<double>()));
  EXPECT_EQ(report["data_wait_share"], 0);  // the batch is in memory
}

// LeNet-5 on 3x32x32, multiply-adds of a picture: 28*28*6*75 = 352,800 and 10*10*16*150 = 240,000
// in convolutions, 400*120 + 120*84 + 84*10 = 58,920 in linear layers. Two operations each, three
// passes; the first layer has no gradient of the pictures.
TEST_F(BenchTest, OperationsAreThoseOfTheNetwork) {
  const auto report = bench_json({lenet5_});
  EXPECT_EQ(report["flop_per_picture"], 2 * 2 * 352800 + 3 * 2 * (240000 + 58920));
}

TEST_F(BenchTest, LayersAddUpToTheStep) {
  const auto report = bench_json({lenet5_, "--layers", "--batch", "40"});
  double seconds = report["rest_s"], flop = 0;
  EXPECT_THAT(seconds, Gt(0.0));
  for (const auto& layer : report["layers"]) {
    for (const char* pass : {"forward", "backward"}) {
      for (const auto& [key, value] : layer[pass].items()) {
        EXPECT_TRUE(std::isfinite(value.get<double>())) << layer << key;
        EXPECT_THAT(value.get<double>(), Ge(0.0)) << layer << key;
      }
      seconds += layer[pass]["seconds"].get<double>();
      flop += layer[pass]["flop"].get<double>();
    }
  }
  EXPECT_EQ(flop, 40 * report["flop_per_picture"].get<double>());
  const double step = report["step_s"];
  EXPECT_NEAR(seconds, step, 1e-9 * step);
  const auto& first = report["layers"][0];
  EXPECT_EQ(first["name"], "features.0");
  EXPECT_EQ(first["kind"], "Conv2d + ReLU + MaxPool2d");
  EXPECT_NE(first["kernel"], "");
  EXPECT_THAT(first["forward"]["seconds"].get<double>(), Gt(0.0));
  EXPECT_THAT(first["backward"]["seconds"].get<double>(), Gt(0.0));
}

TEST_F(BenchTest, TableHasARowForEachLayer) {
  const CommandResult result = bench({lenet5_, "--layers", "--seconds", "0.05"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("\nfeatures.3    Conv2d + ReLU + MaxPool2d "),
                                HasSubstr("\nclassifier.5  Linear "), HasSubstr("\nlayers ")));
}

TEST_F(BenchTest, PrecisionIsThatOfTheStep) {
  const std::string tanh = "model.act=tanh";
  const auto report = bench_json({lenet5_, tanh, "--layers", "--precision", "bf16"});
  EXPECT_EQ(report["precision"], "bf16");
  const auto fp32 = bench_json({lenet5_, tanh, "--layers"});
  // Pooling reads and writes images alone, which take half of the memory.
  const auto bytes = [](const nlohmann::json& r) {
    return r["layers"][2]["forward"]["bytes"].get<double>();
  };
  EXPECT_EQ(report["layers"][2]["kind"], "MaxPool2d");
  EXPECT_EQ(2 * bytes(report), bytes(fp32));
  EXPECT_EQ(bench({lenet5_, "--precision", "fp3"}).exit_code, 2);
}

TEST_F(BenchTest, ConfiguredPicturesAreRead) {
  const auto report = bench_json({lenet5_, "--data", "data.name=synth10", "data.train_size=150",
                                  "data.test_size=10", "data.val_split=0", "data.batch_size=60"});
  EXPECT_EQ(report["data"], "synth10-v1");
  EXPECT_THAT(report["data_wait_share"].get<double>(), AllOf(Ge(0.0), Lt(1.0)));
}

TEST_F(BenchTest, TuningFeedsTraining) {
  const CommandResult tuned = bench({lenet5_, "--tune", "--batch", "4", "--json"});
  ASSERT_EQ(tuned.exit_code, 0) << tuned.err;
  const auto report = nlohmann::json::parse(tuned.out);
  EXPECT_TRUE(std::filesystem::exists(report["file"].get<std::string>()));
  EXPECT_EQ(report["passes"].size(), 14u);  // five layers, but no gradient of the pictures
  for (const auto& pass : report["passes"]) {
    EXPECT_THAT(pass["gain"].get<double>(), Ge(1.0)) << pass;
  }
  const auto measured = bench_json({lenet5_, "--layers", "train.kernels=measured"});
  EXPECT_THAT(measured["layers"][0]["kernel"].get<std::string>(),
              HasSubstr(report["passes"][0]["chosen"].get<std::string>()));
  EXPECT_EQ(bench({lenet5_, "--tune", "--layers"}).exit_code, 2);
}

TEST_F(BenchTest, WithoutDataOnlyItsPicturesAreMissing) {
  const CommandResult random = bench({"data.name=cifar10", "--seconds", "0.05"});
  EXPECT_EQ(random.exit_code, 0) << random.err;
  EXPECT_THAT(random.out, AllOf(HasSubstr("img/s"), HasSubstr("synthetic")));
  const CommandResult real = bench({"data.name=cifar10", "--data"});
  EXPECT_EQ(real.exit_code, 3);
  EXPECT_THAT(real.err, HasSubstr("weir data get cifar10"));
}

TEST_F(BenchTest, BadInputIsRefused) {
  folder_.write("configs/lenet5.yaml", "name: x\n");
  const CommandResult unknown = bench({"configs/lenet.yaml"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'configs/lenet5.yaml'?"));
  const CommandResult empty = bench({"--batch", "0"});
  EXPECT_EQ(empty.exit_code, 2);
  EXPECT_THAT(empty.err, HasSubstr("batch_size: expected an integer from 1"));
  EXPECT_EQ(bench({"--seconds", "0"}).exit_code, 2);
  EXPECT_EQ(bench({"--seconds", "soon"}).exit_code, 2);
  const CommandResult both = bench({"--tune", "--seconds", "2"});
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_THAT(both.err, AllOf(HasSubstr("--tune"), HasSubstr("--seconds")));
}

}  // namespace
}  // namespace weir::testing
