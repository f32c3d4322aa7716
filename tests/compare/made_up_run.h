// Run folders without a training: the files that a comparison reads, with numbers of one's choice.
#pragma once

#include <filesystem>
#include <string>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "compare/run/planned_run.h"
#include "core/base/file.h"
#include "train/config/emit.h"
#include "train/metrics/confusion.h"
#include "train/run/environment.h"
#include "train/run/report.h"
#include "train/run/run_folder.h"

namespace weir {

struct MadeUpRun {
  double test_acc = 0.5;
  double val_acc = 0.6;
  double seconds = 10;
  std::string dataset_sha256 = "abc";
  int attempt = 0;
  bool shift = true;
};

// The configuration file of an attempt, as training writes it first.
inline void write_run_config(const PlannedRun& run, int attempt) {
  const std::filesystem::path folder = run.attempt_folder(attempt);
  make_folder(folder);
  Config config = run.config;
  config.train.seed = run.attempt_seed(attempt);
  write_file_atomic(folder / "config.yaml", to_yaml(config));
}

inline void write_made_up_run(const PlannedRun& run, const MadeUpRun& made_up) {
  write_run_config(run, made_up.attempt);
  const std::filesystem::path folder = run.attempt_folder(made_up.attempt);
  const RunInfo info{.name = run.config.name,
                     .dataset_id = "made-up",
                     .dataset_source = "nowhere",
                     .dataset_sha256 = made_up.dataset_sha256,
                     .train_pictures = 90,
                     .val_pictures = 10,
                     .test_pictures = 20,
                     .model = run.config.model.name,
                     .parameters = 1234,
                     .macs = 5'000'000,
                     .seed = run.attempt_seed(made_up.attempt),
                     .threads = 1,
                     .precision = "fp32"};
  const std::vector<EpochRow> rows{{.epoch = 1,
                                    .step = 5,
                                    .time_s = 4,
                                    .train_loss = 2.25,
                                    .train_acc = 0.25,
                                    .val_loss = 2,
                                    .val_acc = 0.125,
                                    .img_per_s = 100},
                                   {.epoch = 2,
                                    .step = 10,
                                    .time_s = 9,
                                    .train_loss = 1.5,
                                    .train_acc = 0.5,
                                    .val_loss = 1.75,
                                    .val_acc = made_up.val_acc,
                                    .img_per_s = 120}};
  const TrainResult result{
      .status = TrainStatus::kFinished,
      .folder = folder,
      .rows = rows,
      .best = {.epoch = 2, .value = made_up.val_acc},
      .test = TestScores{.loss = 1.25, .accuracy = made_up.test_acc, .accuracy_top5 = 0.75},
      .weights_sha256 = fmt::format("sha of seed {}", run.seed),
      .seconds = made_up.seconds,
      .peak_rss_mb = 80};
  ConfusionMatrix confusion(2);
  confusion.add(0, 0);
  confusion.add(0, 1);
  confusion.add(1, 1);
  write_file_atomic(folder / "metrics.csv", metrics_csv(rows));
  write_file_atomic(folder / "confusion.csv", confusion.csv({"cat, small", "dog"}));
  write_file_atomic(folder / "env.json", describe_environment().dump());
  if (made_up.shift) {
    write_file_atomic(folder / "shift_consistency.json",
                      R"({"schema": 1, "pixels": 4, "pictures": 20, "share": 0.875})");
  }
  write_file_atomic(folder / kResultFile, result_json(info, result));
}

}  // namespace weir
