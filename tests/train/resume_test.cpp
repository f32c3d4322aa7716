// Resuming is bit-exact: whatever interrupts a training, the weights end up the same.
#include <atomic>

#include <gtest/gtest.h>

#include "core/base/digest.h"
#include "core/io/safetensors.h"
#include "tests/train/expect_error.h"
#include "tests/train/tiny_run.h"

namespace weir::testing {
namespace {

namespace fs = std::filesystem;

std::string file_sha(const fs::path& path) { return sha256_hex(read_file(path)); }

// Everything in a state but the times and the configuration it was saved with.
std::string tensors_sha(const fs::path& state) {
  SafeTensors file = read_safetensors(state);
  file.metadata.clear();
  return sha256_hex(format_safetensors(file));
}

void expect_same_outcome(const TrainResult& a, const TrainResult& b) {
  EXPECT_EQ(tensors_sha(a.folder / "state.safetensors"),
            tensors_sha(b.folder / "state.safetensors"));
  for (const char* which : {"weights/best.safetensors", "weights/last.safetensors"}) {
    EXPECT_EQ(file_sha(a.folder / which), file_sha(b.folder / which)) << which;
  }
  EXPECT_EQ(file_sha(a.folder / "predictions.csv"), file_sha(b.folder / "predictions.csv"));
  ASSERT_EQ(a.rows.size(), b.rows.size());
  for (size_t i = 0; i < a.rows.size(); ++i) {
    EXPECT_EQ(a.rows[i].epoch, b.rows[i].epoch);
    EXPECT_EQ(a.rows[i].step, b.rows[i].step);
    EXPECT_EQ(a.rows[i].train_loss, b.rows[i].train_loss);
    EXPECT_EQ(a.rows[i].grad_norm, b.rows[i].grad_norm);
    EXPECT_EQ(a.rows[i].val_loss, b.rows[i].val_loss);
    EXPECT_EQ(a.rows[i].val_acc, b.rows[i].val_acc);
  }
}

std::vector<std::string> with(std::vector<std::string> overrides, const std::string& more) {
  overrides.push_back(more);
  return overrides;
}

// What runs with the tiny configuration in its parts; each adds state of its own kind.
struct Variant {
  const char* name;
  std::vector<std::string> overrides;
};

class Resume : public ::testing::TestWithParam<Variant> {};

TEST_P(Resume, FourEpochsEqualTwoAndTwo) {
  const TemporaryFolder straight, parts;
  const std::vector<std::string>& overrides = GetParam().overrides;
  const TrainResult whole = train_tiny(tiny_config(straight.path(), overrides));
  const TrainResult first =
      train_tiny(tiny_config(parts.path(), with(overrides, "train.epochs=2")));
  ASSERT_EQ(first.rows.size(), 2u);
  const TrainResult second = train_tiny(
      tiny_config(parts.path(), with(overrides, "train.resume=" + first.folder.string())));
  EXPECT_EQ(second.folder, first.folder);
  expect_same_outcome(whole, second);
}

// Sets the flag after a number of steps, as Ctrl-C would.
struct StopAfter : TrainObserver {
  explicit StopAfter(int64_t steps) : steps_left(steps) {}
  void on_step(const StepReport&) override { stop = --steps_left <= 0; }
  int64_t steps_left;
  std::atomic<bool> stop = false;
};

TEST_P(Resume, InterruptedAtAnyStepEqualsStraight) {
  const TemporaryFolder straight, parts;
  const std::vector<std::string>& overrides = GetParam().overrides;
  const TrainResult whole = train_tiny(tiny_config(straight.path(), overrides));
  // Epochs have 3 steps: 2 stops inside the first, then 4 more end exactly at the second's last.
  TrainResult part;
  int runs = 0;
  for (const int64_t steps : {2, 4, 1, 100}) {
    StopAfter observer(steps);
    part = train(tiny_config(parts.path(), with(overrides, "train.resume=auto")), observer,
                 {.dataset = make_stripes4(), .stop = &observer.stop});
    ++runs;
    EXPECT_EQ(part.status == TrainStatus::kInterrupted, runs < 4);
    EXPECT_EQ(part.folder.filename(), "0001");
  }
  expect_same_outcome(whole, part);
}

INSTANTIATE_TEST_SUITE_P(
    Variants, Resume,
    ::testing::Values(Variant{"sgd", {}},
                      Variant{"adamw_ema",
                              {"optimizer.name=adamw", "optimizer.lr=0.01", "~optimizer.momentum",
                               "train.ema_decay=0.9"}},
                      Variant{"nesterov_clip_multistep",
                              {"optimizer.nesterov=true", "train.clip_grad_norm=0.5",
                               "scheduler.name=multistep", "scheduler.milestones=[1, 3]"}},
                      Variant{"no_validation", {"data.val_split=0"}},
                      Variant{"frozen_at_first",
                              {"optimizer.name=adamw", "optimizer.lr=0.01", "~optimizer.momentum",
                               "train.ema_decay=0.9", "finetune.freeze=[backbone]",
                               "finetune.freeze_epochs=1"}},
                      Variant{"frozen_in_groups",
                              {"finetune.freeze=['features.0.*']", "train.clip_grad_norm=0.5",
                               "optimizer.groups=[{match: head, lr_scale: 4, weight_decay: 0}, "
                               "{match: '*.bias', lr_scale: 2}]"}},
                      Variant{"bf16", {"train.precision=bf16"}}),
    [](const auto& test) { return test.param.name; });

TEST(ResumeThreads, AnyNumberOfThreadsGivesTheSameBytes) {
  for (const std::string precision : {"fp32", "bf16"}) {
    const TemporaryFolder one, two, four;
    const auto run = [&](const fs::path& folder, int threads) {
      return train_tiny(tiny_config(
          folder, {fmt::format("train.threads={}", threads), "train.precision=" + precision,
                   "train.ema_decay=0.9", "data.normalize=gcn", "finetune.freeze=['features.0.*']",
                   "finetune.freeze_epochs=2", "optimizer.groups=[{match: head, lr_scale: 2}]"}));
    };
    const TrainResult a = run(one.path(), 1);
    expect_same_outcome(a, run(two.path(), 2));
    expect_same_outcome(a, run(four.path(), 4));
  }
}

TEST(ResumeFiles, MetricsAndStepsHaveNoGapsAndNoDuplicates) {
  const TemporaryFolder folder;
  for (const int64_t steps : {4, 100}) {
    StopAfter observer(steps);
    train(tiny_config(folder.path(), {"output.steps=true", "train.resume=auto"}), observer,
          {.dataset = make_stripes4(), .stop = &observer.stop});
  }
  const fs::path run = folder.path() / "tiny/0001";
  const std::string metrics = read_file(run / "metrics.csv"),
                    steps = read_file(run / "steps.jsonl");
  EXPECT_EQ(std::count(metrics.begin(), metrics.end(), '\n'), 1 + 4);
  EXPECT_EQ(std::count(steps.begin(), steps.end(), '\n'), 4 * 3);
  for (int step = 1; step <= 12; ++step) {
    EXPECT_NE(steps.find(fmt::format("\"step\":{},", step)), std::string::npos) << step;
  }
}

// A process may end after its last checkpoint and before its results are written.
TEST(ResumeFiles, ResultsAreWrittenWhenOnlyTheyAreMissing) {
  const TemporaryFolder straight, parts;
  const TrainResult whole = train_tiny(tiny_config(straight.path()));
  const fs::path run = train_tiny(tiny_config(parts.path())).folder;
  for (const char* file : {"result.json", "confusion.csv", "predictions.csv", "summary.txt"}) {
    fs::remove(run / file);
  }
  const TrainResult again = train_tiny(tiny_config(parts.path(), {"train.resume=auto"}));
  EXPECT_EQ(again.folder, run);
  EXPECT_TRUE(fs::exists(run / "result.json"));
  expect_same_outcome(whole, again);
}

TEST(ResumeFiles, ResultsOfFewerEpochsGoWhenTheRunGoesOn) {
  const TemporaryFolder folder;
  const fs::path run = train_tiny(tiny_config(folder.path(), {"train.epochs=1"})).folder;
  StopAfter observer(1);
  train(tiny_config(folder.path(), {"train.resume=" + run.string()}), observer,
        {.dataset = make_stripes4(), .stop = &observer.stop});
  for (const char* file :
       {"result.json", "confusion.csv", "predictions.csv", "summary.txt", "images/curves.png"}) {
    EXPECT_FALSE(fs::exists(run / file)) << file;
  }
}

// What is there after the second training is of the second training alone.
TEST(ResumeFiles, PredictionsGoWhenTheLongerRunReadsNoTestPictures) {
  const TemporaryFolder folder;
  const fs::path run = train_tiny(tiny_config(folder.path(), {"train.epochs=1"})).folder;
  ASSERT_TRUE(fs::exists(run / "predictions.csv"));
  train_tiny(tiny_config(folder.path(),
                         {"train.epochs=2", "train.test=false", "train.resume=" + run.string()}));
  EXPECT_TRUE(fs::exists(run / "result.json"));
  EXPECT_FALSE(fs::exists(run / "predictions.csv"));
  EXPECT_FALSE(fs::exists(run / "confusion.csv"));
}

TEST(ResumeErrors, AnotherConfigurationIsRefusedWithItsDifferences) {
  const TemporaryFolder folder;
  const fs::path run = train_tiny(tiny_config(folder.path(), {"train.epochs=1"})).folder;
  const std::string resume = "train.resume=" + run.string();
  expect_error(ErrorKind::kUsage, "optimizer.lr: 0.05 there, 0.1 here", [&] {
    train_tiny(tiny_config(folder.path(), {resume, "optimizer.lr=0.1"}));
  });
  expect_error(ErrorKind::kUsage, "train.precision: fp32 there, bf16 here", [&] {
    train_tiny(tiny_config(folder.path(), {resume, "train.precision=bf16"}));
  });
  expect_error(ErrorKind::kUsage, "has finished its 1 epochs: raise train.epochs", [&] {
    train_tiny(tiny_config(folder.path(), {resume, "train.epochs=1"}));
  });
  const std::string nowhere = "train.resume=" + folder.path().string();
  expect_error(ErrorKind::kUsage, "is not a run to resume",
               [&] { train_tiny(tiny_config(folder.path(), {nowhere})); });
}

TEST(ResumeErrors, OtherPicturesAreRefused) {
  const TemporaryFolder folder;
  const fs::path run = train_tiny(tiny_config(folder.path(), {"train.epochs=1"})).folder;
  Dataset other = make_stripes4();
  other.sha256 = "another";
  TrainObserver quiet;
  const Config config = tiny_config(folder.path(), {"train.resume=" + run.string()});
  expect_error(ErrorKind::kData, "was trained on other pictures",
               [&] { train(config, quiet, {.dataset = other}); });
}

TEST(ResumeErrors, AutoStartsAnewWhenTheConfigurationDiffers) {
  const TemporaryFolder folder;
  StopAfter observer(1);
  train(tiny_config(folder.path()), observer, {.dataset = make_stripes4(), .stop = &observer.stop});
  const TrainResult other = train_tiny(
      tiny_config(folder.path(), {"train.resume=auto", "optimizer.lr=0.1", "train.epochs=1"}));
  EXPECT_EQ(other.folder.filename(), "0002");
}

}  // namespace
}  // namespace weir::testing
