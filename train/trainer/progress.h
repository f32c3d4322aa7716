// How far training has come: what resuming needs beside the tensors. Random numbers need nothing
// here, as they are addressed by seed, epoch, step and picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "train/guard/early_stopping.h"
#include "train/metrics/scores.h"
#include "train/run/epoch_row.h"

namespace weir {

struct Progress {
  int epoch = 0;     // epochs completed
  int batch = 0;     // batches done in the epoch under way
  int64_t step = 0;  // steps in all
  // Of the epoch under way:
  Scores running;
  double grad_norm_sum = 0;
  double data_wait_s = 0, train_seconds = 0;

  double seconds = 0;  // of training and validation in all
  BestEpoch best;
  std::vector<EpochRow> rows;  // one for each completed epoch
};

// JSON, exact in both directions. from_text throws kData for anything else than to_text's output.
std::string to_text(const Progress& progress);
Progress progress_from_text(const std::string& text);

}  // namespace weir
