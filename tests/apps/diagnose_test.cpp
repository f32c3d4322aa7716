// weir diagnose from end to end: a run in, a table and files out.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "tests/apps/run_command.h"

namespace weir::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const char* const kConfig = R"(
name: pools
data: {name: synth10, train_size: 200, test_size: 40, batch_size: 20, val_split: 0.1}
model:
  name: layers
  layers:
    - {conv2d: {out_channels: 4, kernel_size: 3, padding: 1}, act: relu}
    - max_pool2d: {kernel_size: 3, stride: 2, padding: 1}
    - {conv2d: {out_channels: 6, kernel_size: 3, padding: 1}, act: relu}
    - avg_pool2d: 2
  head: [flatten, {linear: num_classes}]
optimizer: {lr: 0.01}
train: {epochs: 1, fail_if_stuck: {after_epochs: null}}
output: {images: false}
)";

class DiagnoseTest : public ::testing::Test {
 protected:
  fs::path train(const std::vector<std::string>& overrides = {}) {
    std::vector<std::string> words = {"train", folder_.write("pools.yaml", kConfig)};
    words.insert(words.end(), overrides.begin(), overrides.end());
    const CommandResult result = run_weir(words, {.folder = folder_.path()});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return folder_.path() / "runs" / "pools" / "0001";
  }
  TempFolder folder_;
};

TEST_F(DiagnoseTest, ATableAndFilesInTheRunFolder) {
  const fs::path run = train();
  const CommandResult result = run_weir({"diagnose", run.string(), "--batches", "3"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("3 training batches, 60 pictures"), HasSubstr("MaxPool2d"),
                    HasSubstr("AvgPool2d"), HasSubstr("argmax in the window of")));
  EXPECT_THAT(read_file(run / "diagnose" / "diagnose.csv"), StartsWith("layer,kind,kernel,"));
  EXPECT_THAT(read_file(run / "diagnose" / "diagnose.png"), StartsWith("\x89PNG"));
}

TEST_F(DiagnoseTest, JsonOfTheLastWeightsIntoAnotherFolder) {
  const fs::path run = train(), out = folder_.path() / "found";
  const CommandResult result =
      run_weir({"diagnose", run.string(), "--weights", "last", "--out", out.string(), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const nlohmann::json event = nlohmann::json::parse(result.out);
  EXPECT_EQ(event["event"], "diagnose");
  EXPECT_EQ(event["weights"], "last");
  EXPECT_EQ(event["batches"], 9);  // an epoch: 180 training pictures
  ASSERT_EQ(event["layers"].size(), 2u);
  const nlohmann::json& max = event["layers"][0];
  EXPECT_EQ(max["kind"], "MaxPool2d");
  EXPECT_EQ(max["argmax"].size(), 9u);
  EXPECT_GE(max["zero_gradient"], max["never_reached"]);
  const nlohmann::json& average = event["layers"][1];
  EXPECT_TRUE(average["argmax"].is_null());
  EXPECT_EQ(average["zero_gradient"], 0.0);
  EXPECT_TRUE(fs::exists(out / "diagnose.csv"));
  EXPECT_TRUE(fs::exists(out / "diagnose.png"));
  EXPECT_FALSE(fs::exists(run / "diagnose"));
}

TEST_F(DiagnoseTest, SaysWhatIsMissing) {
  const fs::path run = train();
  fs::remove(run / "weights" / "best.safetensors");
  const CommandResult best = run_weir({"diagnose", run.string()});
  EXPECT_EQ(best.exit_code, 3);
  EXPECT_THAT(best.err, HasSubstr("--weights last"));
  fs::remove(run / "weights" / "last.safetensors");
  const CommandResult none = run_weir({"diagnose", run.string()});
  EXPECT_EQ(none.exit_code, 3);
  EXPECT_THAT(none.err, HasSubstr("expected the folder of a run"));
  EXPECT_EQ(run_weir({"diagnose"}).exit_code, 2);
  EXPECT_EQ(run_weir({"diagnose", (run / "nowhere").string()}).exit_code, 2);
  EXPECT_EQ(run_weir({"diagnose", run.string(), "--batches", "0"}).exit_code, 2);
  EXPECT_EQ(run_weir({"diagnose", run.string(), "--weights", "first"}).exit_code, 2);
}

TEST_F(DiagnoseTest, WeightsWithoutAConfigurationAreRefused) {
  const fs::path run = train();
  write_file_atomic(run / "weights" / "best.safetensors", std::string("\x02\0\0\0\0\0\0\0{}", 10));
  const CommandResult result = run_weir({"diagnose", run.string()});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("no configuration"));
}

TEST_F(DiagnoseTest, ANetworkWithoutPoolingIsAUsageError) {
  const fs::path run =
      train({"model.layers=[{conv2d: {out_channels: 4, kernel_size: 3, stride: 2}, act: relu}]"});
  const CommandResult result = run_weir({"diagnose", run.string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("no pooling layers"));
  EXPECT_FALSE(fs::exists(run / "diagnose"));
}

}  // namespace
}  // namespace weir::testing
