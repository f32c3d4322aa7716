// Training a network from a configuration, end to end.
//
//   weir::TrainObserver quiet;
//   const weir::TrainResult result = weir::train(weir::load_config("lenet5.yaml").config, quiet);
//   fmt::print("test accuracy {}\n", result.test->accuracy);
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "datasets/dataset.h"
#include "train/config/config.h"
#include "train/observer.h"

namespace weir {

struct TrainOptions {
  std::optional<Dataset> dataset;           // used instead of what config.data names
  const std::atomic<bool>* stop = nullptr;  // set it, and training saves and returns after its step
  std::string command;                      // for command.txt
};

// Trains for config.train.epochs epochs in a run folder of its own (train/run/run_folder.h), or
// continues one (train.resume). The best weights are those of the epoch with the best validation
// value, or the last ones without validation pictures; the test pictures are read once, at the end.
//
// Equal configurations give equal weights, byte for byte, for any number of threads and however
// often training was interrupted and resumed.
//
// Throws Error: kUsage for a configuration that does not work, kData for pictures or a state that
// cannot be used, kTraining for NaN, infinity or no progress (the last checkpoint stays), kInternal
// when the disk refuses, kExpectation when an `expect:` bound does not hold (all is written then).
TrainResult train(const Config& config, TrainObserver& observer, const TrainOptions& options = {});

struct DryRun {
  RunInfo info;
  double step_s = 0;        // of a training step, warmed up
  double epoch_s = 0;       // estimate, validation included
  double total_s = 0;       // estimate for all epochs
  double peak_rss_mb = 0;   // seen
  uint64_t disk_bytes = 0;  // that the checkpoints would take
  double loss = 0;          // of the last training batch
};

// Prepares everything, trains two batches, validates one, writes nothing.
DryRun dry_run(const Config& config, const TrainOptions& options = {});

}  // namespace weir
