// What a running training tells whoever watches: the command line draws, the library stays silent.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "train/finetune/start_weights.h"
#include "train/guard/early_stopping.h"
#include "train/run/epoch_row.h"

namespace weir {

// Known before the first step.
struct RunInfo {
  std::string name;
  std::filesystem::path folder;  // empty in a dry run
  std::string dataset_id, dataset_source, dataset_sha256;
  std::vector<std::string> classes;
  int train_pictures = 0, val_pictures = 0, test_pictures = 0;
  std::string model;
  int64_t parameters = 0, macs = 0;  // MACs of one picture
  int epochs = 0, steps_per_epoch = 0, batch_size = 0;
  uint64_t seed = 0;
  int threads = 0;
  std::string precision;                    // "fp32" or "bf16"
  std::string start_weights, start_sha256;  // finetune.weights and their file; else empty
  std::string precision_reason;             // why, when auto chose it for a new run; else empty
  std::optional<int> resumed_epochs;        // epochs that were done before, when resuming
  std::optional<StartWeights> start;        // of a new run that begins with trained weights
  std::vector<std::string> notes;  // one sentence each, such as "no validation pictures: .."
};

struct StepReport {
  int epoch = 0;                             // 1-based
  int batch = 0, batches = 0;                // batch: done in this epoch
  int64_t step = 0;                          // done in all
  double loss = 0;                           // of this batch
  double running_loss = 0, running_acc = 0;  // of the epoch so far
  double lr = 0, grad_norm = 0;
  double img_per_s = 0;        // of the epoch so far, in this process
  double data_wait_share = 0;  // part of the epoch's time spent waiting for pictures, 0..1
};

struct TestScores {
  double loss = 0, accuracy = 0, accuracy_top5 = 0;
};

enum class TrainStatus { kFinished, kStoppedEarly, kInterrupted };

struct TrainResult {
  TrainStatus status = TrainStatus::kFinished;
  std::filesystem::path folder;
  std::vector<EpochRow> rows;
  BestEpoch best;                  // its value is the monitored one; without validation the last
  std::optional<TestScores> test;  // of the best weights; none when interrupted or without pictures
  std::string weights_sha256;      // of weights/best.safetensors; empty when interrupted early
  double seconds = 0, peak_rss_mb = 0;
};

class TrainObserver {
 public:
  virtual ~TrainObserver() = default;
  virtual void on_start(const RunInfo&) {}
  virtual void on_step(const StepReport&) {}
  virtual void on_epoch(const EpochRow&, bool /*best_so_far*/) {}
  // After everything is written, and before a failed `expect:` throws.
  virtual void on_end(const TrainResult&) {}
};

}  // namespace weir
