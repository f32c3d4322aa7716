#include "train/trainer.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/train/expect_error.h"
#include "tests/train/tiny_run.h"
#include "train/checkpoint/weights_file.h"

namespace weir::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST(Trainer, LearnsAndLeavesACompleteRunFolder) {
  const TemporaryFolder folder;
  const Config config = tiny_config(folder.path(), {"train.epochs=12", "output.steps=true"});
  const TrainResult result = train_tiny(config);
  EXPECT_EQ(result.status, TrainStatus::kFinished);
  EXPECT_EQ(result.folder, folder.path() / "tiny" / "0001");
  ASSERT_EQ(result.rows.size(), 12u);
  EXPECT_GT(result.test->accuracy, 0.6) << "chance is 0.25";
  for (const char* name :
       {"config.yaml", "command.txt", "env.json", "log.txt", "metrics.csv", "steps.jsonl",
        "state.safetensors", "weights/best.safetensors", "weights/last.safetensors", "result.json",
        "summary.txt", "confusion.csv", "predictions.csv", "images/curves.png",
        "images/train_batch0.png"}) {
    EXPECT_TRUE(fs::exists(result.folder / name)) << name;
  }
  const auto json = nlohmann::json::parse(read_file(result.folder / "result.json"));
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["dataset"]["id"], "stripes4");
  EXPECT_EQ(json["weights"]["sha256"], result.weights_sha256);
  EXPECT_DOUBLE_EQ(json["test"]["acc"], result.test->accuracy);
}

TEST(Trainer, TestPicturesStayUnseenWhenAskedTo) {
  const TemporaryFolder seen, unseen;
  const TrainResult with = train_tiny(tiny_config(seen.path(), {"train.epochs=2"}));
  const TrainResult without =
      train_tiny(tiny_config(unseen.path(), {"train.epochs=2", "train.test=false"}));
  EXPECT_FALSE(without.test);
  EXPECT_FALSE(fs::exists(without.folder / "predictions.csv"));
  EXPECT_FALSE(fs::exists(without.folder / "confusion.csv"));
  const auto json = nlohmann::json::parse(read_file(without.folder / "result.json"));
  EXPECT_TRUE(json["test"].is_null());
  EXPECT_GT(json["best"]["val_acc"], 0.0);
  EXPECT_EQ(without.weights_sha256, with.weights_sha256);  // it changes nothing else
}

TEST(Trainer, NumbersRunsOneAfterTheOther) {
  const TemporaryFolder folder;
  const Config config = tiny_config(folder.path(), {"train.epochs=1"});
  EXPECT_EQ(train_tiny(config).folder.filename(), "0001");
  EXPECT_EQ(train_tiny(config).folder.filename(), "0002");
}

TEST(Trainer, WithoutValidationTheLastEpochIsUsedAndSaid) {
  const TemporaryFolder folder;
  struct Notes : TrainObserver {
    void on_start(const RunInfo& info) override { notes = info.notes; }
    std::vector<std::string> notes;
  } observer;
  const Config config = tiny_config(folder.path(), {"train.epochs=3", "data.val_split=0"});
  const TrainResult result = train(config, observer, {.dataset = make_stripes4()});
  EXPECT_EQ(result.best.epoch, 3);
  EXPECT_FALSE(result.rows.back().val_acc.has_value());
  ASSERT_EQ(observer.notes.size(), 1u);
  EXPECT_THAT(observer.notes[0], HasSubstr("the weights of the last epoch are used"));
  EXPECT_EQ(read_weights(result.folder / "weights/best.safetensors").epoch, 3);
}

TEST(Trainer, StopsEarlyWhenPatienceRunsOut) {
  const TemporaryFolder folder;
  // lr 0 changes no weight, so the loss of later epochs cannot fall; running statistics are off.
  const Config config = tiny_config(
      folder.path(), {"train.epochs=50", "train.patience=2", "optimizer.lr=1.0e-12",
                      "train.monitor=val_acc", "train.fail_if_stuck.after_epochs=null"});
  const TrainResult result = train_tiny(config);
  EXPECT_EQ(result.status, TrainStatus::kStoppedEarly);
  EXPECT_EQ(static_cast<int>(result.rows.size()), result.best.epoch + 2);
}

TEST(Trainer, FailedExpectationWritesEverythingAndThrows) {
  const TemporaryFolder folder;
  const Config config = tiny_config(
      folder.path(), {"train.epochs=1", "expect.test_acc='>1.5'", "expect.val_loss='<100'"});
  expect_error(ErrorKind::kExpectation, "1 of the checks under expect: failed",
               [&] { train_tiny(config); });
  EXPECT_TRUE(fs::exists(folder.path() / "tiny/0001/result.json"));
}

TEST(Trainer, DryRunWritesNothing) {
  const TemporaryFolder folder;
  const DryRun report = dry_run(tiny_config(folder.path()), {.dataset = make_stripes4()});
  EXPECT_TRUE(fs::is_empty(folder.path()));
  EXPECT_GT(report.step_s, 0);
  EXPECT_GT(report.total_s, 3.9 * report.epoch_s);
  // conv 3x3x3x6 + 6, batch norm 2x6, linear 4*4*6 x 4 + 4.
  EXPECT_EQ(report.info.parameters, 162 + 6 + 12 + 384 + 4);
}

TEST(Trainer, RefusesOneClass) {
  const TemporaryFolder folder;
  Dataset dataset = make_stripes4();
  dataset.classes = {"all"};
  TrainObserver quiet;
  expect_error(ErrorKind::kData, "at least two classes, found 1",
               [&] { train(tiny_config(folder.path()), quiet, {.dataset = dataset}); });
  EXPECT_TRUE(fs::is_empty(folder.path())) << "nothing half-written";
}

}  // namespace
}  // namespace weir::testing
