// A training as JSON Lines on stdout: "start", one "epoch" for each epoch, "end".
#pragma once

#include "train/observer.h"

namespace weir {

class TrainEvents : public TrainObserver {
 public:
  void on_start(const RunInfo& info) override;
  void on_epoch(const EpochRow& row, bool best_so_far) override;
  void on_end(const TrainResult& result) override;
};

}  // namespace weir
