// A complete run as its folder tells it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "compare/run/attempts.h"
#include "train/run/epoch_row.h"

namespace weir {

struct RunRecord {
  uint64_t seed = 0;                    // planned
  uint64_t trained_seed = 0;            // another one after restarts
  std::filesystem::path folder;         // as in the experiment, with its folder in front
  std::vector<FailedAttempt> failures;  // before it
  std::string status;                   // "finished" or "stopped early"
  std::string dataset_id, dataset_sha256, dataset_source;
  int train_pictures = 0, val_pictures = 0, test_pictures = 0;
  int64_t parameters = 0, macs = 0;
  std::string precision;
  int threads = 0;
  int best_epoch = 0;
  std::optional<double> val_acc, val_loss;  // of the best epoch
  double test_acc = 0, test_acc_top5 = 0, test_loss = 0;
  double seconds = 0, img_per_s = 0, peak_rss_mb = 0;  // img_per_s: median over the epochs
  std::string weights_sha256;
  std::optional<double> shift_consistency;
  std::vector<EpochRow> curve;
  std::vector<std::string> classes;
  std::vector<std::vector<int64_t>> confusion;  // [true][predicted]
  nlohmann::ordered_json environment;
  nlohmann::ordered_json filters;  // as in filters_file.h; null when nobody knows
};

// Throws kData when a file is missing or damaged.
RunRecord read_run(const PlannedRun& run, const RunState& state);

}  // namespace weir
