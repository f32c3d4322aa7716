// One line of metrics.csv.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace weir {

struct EpochRow {
  int epoch = 0;      // 1-based
  int64_t step = 0;   // steps so far
  double time_s = 0;  // training time so far, resumed parts included
  double lr = 0;      // of the epoch's last step
  double train_loss = 0, train_acc = 0;
  std::optional<double> val_loss, val_acc, val_acc_top5;  // none without validation pictures
  double grad_norm = 0;                                   // mean over the epoch's steps
  double img_per_s = 0, data_wait_s = 0, peak_rss_mb = 0;
};

// The whole file: header and rows. Absent values are empty fields.
std::string metrics_csv(const std::vector<EpochRow>& rows);

// Exact in both directions.
nlohmann::ordered_json to_json(const EpochRow& row);
EpochRow epoch_row_from_json(const nlohmann::ordered_json& json);

}  // namespace weir
