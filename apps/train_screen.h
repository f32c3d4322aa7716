// A training on the screen: what is trained, a bar while an epoch runs (on a terminal), one line
// for each epoch, and the results. The results go to stdout, all else to stderr.
#pragma once

#include <chrono>

#include "apps/globals.h"
#include "core/base/stopwatch.h"
#include "train/observer.h"

namespace weir {

class TrainScreen : public TrainObserver {
 public:
  explicit TrainScreen(const GlobalOptions& globals);
  ~TrainScreen() override;

  // Data, model and settings, as on_start shows them.
  void describe(const RunInfo& info) const;

  void on_start(const RunInfo& info) override;
  void on_step(const StepReport& report) override;
  void on_epoch(const EpochRow& row, bool best_so_far) override;
  void on_end(const TrainResult& result) override;

 private:
  void draw_bar(const StepReport& report);
  void clear_bar();

  bool draws_bar_, prints_results_;
  RunInfo info_;
  EpochRow best_;
  bool bar_is_drawn_ = false;
  std::chrono::steady_clock::time_point drawn_at_{};
  Stopwatch epoch_watch_;
};

}  // namespace weir
