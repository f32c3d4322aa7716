// weir train, eval and predict from end to end: files, streams, exit codes, Ctrl-C and resuming.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/io/safetensors.h"
#include "tests/apps/run_command.h"

namespace weir::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// LeNet on a few built-in pictures: half a second for an epoch.
const char* const kSmallConfig = R"(
name: small
data: {name: synth10, train_size: 200, test_size: 40, batch_size: 20}
model: {name: lenet5}
optimizer: {lr: 0.01}
train: {epochs: 2, fail_if_stuck: {after_epochs: null}}
output: {images: false}
)";

class TrainTest : public ::testing::Test {
 protected:
  void SetUp() override { config_ = folder_.write("small.yaml", kSmallConfig); }
  CommandResult train(std::vector<std::string> more) {
    more.insert(more.begin(), {"train", config_});
    return run_weir(more, {.folder = folder_.path()});
  }
  fs::path run(const std::string& name = "small", const std::string& number = "0001") const {
    return folder_.path() / "runs" / name / number;
  }
  std::string weights(const fs::path& run) const {
    return sha256_hex(read_file(run / "weights" / "last.safetensors"));
  }

  TempFolder folder_;
  std::string config_;
};

std::vector<nlohmann::json> json_lines(const std::string& text) {
  std::vector<nlohmann::json> events;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) events.push_back(nlohmann::json::parse(line));
  return events;
}

TEST_F(TrainTest, LeavesARunFolderAndSaysWhere) {
  const CommandResult result = train({});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const char* file : {"config.yaml", "command.txt", "env.json", "log.txt", "metrics.csv",
                           "result.json", "weights/best.safetensors", "weights/last.safetensors"}) {
    EXPECT_TRUE(fs::exists(run() / file)) << file;
  }
  EXPECT_THAT(result.out, HasSubstr("test_acc "));
  EXPECT_THAT(result.out, HasSubstr("run     runs/small/0001\n"));
  EXPECT_THAT(result.err, HasSubstr("epoch  train_loss"));
  EXPECT_THAT(result.err + result.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(result.err, Not(HasSubstr("\r")));
  EXPECT_EQ(read_file(run() / "command.txt").substr(0, 11), "weir train ");
}

TEST_F(TrainTest, JsonIsOneEventForEachLine) {
  const CommandResult result = train({"--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::vector<nlohmann::json> events = json_lines(result.out);
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0]["event"], "start");
  EXPECT_EQ(events[0]["dataset"]["id"], "synth10-v1");
  EXPECT_EQ(events[1]["event"], "epoch");
  EXPECT_EQ(events[1]["epoch"], 1);
  EXPECT_EQ(events[2]["epoch"], 2);
  EXPECT_EQ(events[3]["event"], "end");
  EXPECT_EQ(events[3]["status"], "finished");
  for (const nlohmann::json& event : events) EXPECT_EQ(event["schema"], 1);
}

TEST_F(TrainTest, QuietSaysOnlyTheResult) {
  const CommandResult result = train({"-q", "train.epochs=1"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(result.out, HasSubstr("run     runs/small/0001"));
}

TEST_F(TrainTest, OptionsAreShortForKeys) {
  const CommandResult result = train({"train.epochs=1", "--seed", "7", "--name", "other", "--out",
                                      "results here", "--threads", "1", "--precision", "bf16"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string config =
      read_file(folder_.path() / "results here" / "other" / "0001" / "config.yaml");
  EXPECT_THAT(config, HasSubstr("seed: 7"));
  EXPECT_THAT(config, HasSubstr("threads: 1"));
  EXPECT_THAT(config, HasSubstr("precision: bf16"));
}

TEST_F(TrainTest, BeginsWithTrainedWeightsAndAnotherHead) {
  ASSERT_EQ(train({"train.epochs=1"}).exit_code, 0);
  const CommandResult result =
      train({"--json", "--weights", "runs/small/0001", "--name", "pooled", "model.head=gap",
             "finetune.freeze=backbone", "train.epochs=1",
             "optimizer.groups=[{match: head, lr_scale: 5}]"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("loaded   features.3    Conv2d      weight (16, 6, 5, 5), bias "
                                    "(16)"));
  EXPECT_THAT(result.err,
              HasSubstr("kept     classifier.2  Linear      weight (10, 16), bias (10)"));
  EXPECT_THAT(result.err, HasSubstr("dropped  classifier.1  Linear      weight (120, 400)"));
  const nlohmann::json start = json_lines(result.out)[0]["start"];
  EXPECT_EQ(start["weights"], "runs/small/0001");
  EXPECT_EQ(start["sha256"], sha256_hex(read_file(run() / "weights" / "best.safetensors")));
  EXPECT_EQ(start["layers"][1]["from"], "features.3");
  EXPECT_TRUE(start["layers"][2]["from"].is_null());
  EXPECT_EQ(start["dropped"].size(), 3u);
  // Frozen to the end: the first convolution is the one it began with.
  const auto first_layer = [&](const fs::path& run, const char* which) {
    return std::string(
        reinterpret_cast<const char*>(
            read_safetensors(run / "weights" / which).at("features.0.weight").data()),
        6 * 3 * 25 * 4);
  };
  EXPECT_EQ(first_layer(run("pooled"), "last.safetensors"), first_layer(run(), "best.safetensors"));
}

TEST_F(TrainTest, DryRunWritesNothing) {
  const CommandResult result = train({"--dry-run"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("nothing was written"));
  EXPECT_FALSE(fs::exists(folder_.path() / "runs"));
  const CommandResult json = train({"--dry-run", "--json"});
  ASSERT_EQ(json_lines(json.out).size(), 1u);
  EXPECT_GT(json_lines(json.out)[0]["step_s"], 0.0);
  EXPECT_FALSE(fs::exists(folder_.path() / "runs"));
}

TEST_F(TrainTest, ThreadsDoNotChangeTheWeights) {
  ASSERT_EQ(train({"--name", "one", "--threads", "1", "train.epochs=1"}).exit_code, 0);
  ASSERT_EQ(train({"--name", "three", "--threads", "3", "train.epochs=1"}).exit_code, 0);
  // The name of a run is part of its configuration, so the files differ, but not the tensors.
  const auto scores = [&](const std::string& name) {
    const auto json = nlohmann::json::parse(
        run_weir({"eval", run(name).string(), "--json"}, {.folder = folder_.path()}).out);
    return json["loss"].get<double>();
  };
  EXPECT_EQ(scores("one"), scores("three"));
}

TEST_F(TrainTest, InterruptedAndResumedEqualsUninterrupted) {
  const std::vector<std::string> longer = {"train.epochs=3", "data.train_size=2000"};
  ASSERT_EQ(train(longer).exit_code, 0);
  const std::string expected = weights(run());

  Command command({WEIR_BINARY, "train", config_, longer[0], longer[1]},
                  {.folder = folder_.path()});
  ASSERT_TRUE(command.wait_for_stderr("\n    1  "));  // the first epoch is done
  command.send(SIGINT);
  const CommandResult stopped = command.wait();
  ASSERT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("weir train --resume runs/small/0002"));

  const CommandResult resumed =
      run_weir({"train", "--resume", "runs/small/0002"}, {.folder = folder_.path()});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(weights(run("small", "0002")), expected);
}

TEST_F(TrainTest, TerminationIsExitCode143) {
  Command command({WEIR_BINARY, "train", config_, "train.epochs=1000"}, {.folder = folder_.path()});
  ASSERT_TRUE(command.wait_for_stderr("\n    1  "));
  command.send(SIGTERM);
  EXPECT_EQ(command.wait().exit_code, 143);
  EXPECT_TRUE(fs::exists(run() / "state.safetensors"));
}

TEST_F(TrainTest, KilledRunResumesFromItsLastCheckpoint) {
  Command command({WEIR_BINARY, "train", config_, "train.epochs=1000"}, {.folder = folder_.path()});
  ASSERT_TRUE(command.wait_for_stderr("\n    2  "));
  command.send(SIGKILL);
  EXPECT_EQ(command.wait().exit_code, 137);
  const CommandResult resumed = run_weir({"train", "--resume", "runs/small/0001", "train.epochs=4"},
                                         {.folder = folder_.path()});
  if (resumed.exit_code == 2) GTEST_SKIP() << "it had gone beyond epoch 4";
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
}

TEST_F(TrainTest, EvalAgreesWithTheTraining) {
  ASSERT_EQ(train({}).exit_code, 0);
  const auto expected = nlohmann::json::parse(read_file(run() / "result.json"));
  const CommandResult result =
      run_weir({"eval", run().string(), "--json"}, {.folder = folder_.path()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const nlohmann::json event = json_lines(result.out).at(0);
  EXPECT_EQ(event["count"], 40);
  EXPECT_THAT(expected.dump(), HasSubstr(event["acc"].dump()));
  EXPECT_FALSE(event.contains("shift_consistency"));
  const CommandResult shifted = run_weir({"eval", run().string(), "--shift", "2", "--json"});
  ASSERT_EQ(shifted.exit_code, 0) << shifted.err;
  const nlohmann::json moved = json_lines(shifted.out).at(0);
  EXPECT_EQ(moved["acc"], event["acc"]);
  EXPECT_EQ(moved["shift_pixels"], 2);
  EXPECT_GT(moved["shift_consistency"], 0.0);
  EXPECT_LE(moved["shift_consistency"], 1.0);
  EXPECT_THAT(run_weir({"eval", run().string(), "--shift", "2"}).out,
              HasSubstr("when they move by up to 2 pixels"));
  const CommandResult val =
      run_weir({"eval", run().string(), "--split", "val"}, {.folder = folder_.path()});
  EXPECT_THAT(val.out, HasSubstr("20 val pictures"));
}

TEST_F(TrainTest, PredictNamesClassesAndGoesOnAfterABadPicture) {
  ASSERT_EQ(train({"train.epochs=1"}).exit_code, 0);
  ASSERT_EQ(run_weir({"data", "export", "synth10", "data.train_size=20", "data.test_size=10",
                      "--format", "png", "-o", "pictures"},
                     {.folder = folder_.path()})
                .exit_code,
            0);
  std::string picture;
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path() / "pictures" / "test")) {
    if (entry.path().extension() == ".png") picture = entry.path().string();
  }
  const std::string fake = folder_.write("fake.png", "GIF89a, not a PNG");
  const CommandResult result =
      run_weir({"predict", run().string(), fake, picture, "--topk", "2", "--json"});
  EXPECT_EQ(result.exit_code, 3);
  const std::vector<nlohmann::json> events = json_lines(result.out);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0]["event"], "prediction");
  ASSERT_EQ(events[0]["top"].size(), 2u);
  EXPECT_GE(events[0]["top"][0]["probability"], events[0]["top"][1]["probability"]);
  EXPECT_EQ(events[1]["event"], "error");
  EXPECT_THAT(result.err, HasSubstr("fake.png"));
}

}  // namespace
}  // namespace weir::testing
