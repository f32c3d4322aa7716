// What a running comparison tells whoever watches.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compare/run/planned_run.h"
#include "train/run/epoch_row.h"

namespace weir {

struct ComparisonProgress {
  int runs = 0;                        // of this stage, those that were complete before included
  int complete = 0, given_up = 0;      // of these
  int restarts = 0;                    // since this process began
  std::optional<double> seconds_left;  // of the whole comparison; none before the first epoch
};

enum class ComparisonStage { kTuning, kTraining };

struct RunEnd {
  bool complete = true;  // false: given up
  std::filesystem::path folder;
  int restarts = 0;
  std::optional<double> val_acc, test_acc;  // of the best epoch
};

// Runs are elements of the vector that on_stage() was given.
class ComparisonObserver {
 public:
  virtual ~ComparisonObserver() = default;
  virtual void on_start(const Experiment&) {}
  virtual void on_stage(ComparisonStage, const std::vector<PlannedRun>&) {}
  // `resumed_epochs`: done before, in this attempt.
  virtual void on_run_start(const PlannedRun&, int /*attempt*/, int /*resumed_epochs*/) {}
  virtual void on_epoch(const PlannedRun&, const EpochRow&, const ComparisonProgress&) {}
  // An attempt was stuck at chance or diverged, and the next one follows.
  virtual void on_restart(const PlannedRun&, int /*attempt*/, const std::string& /*why*/) {}
  virtual void on_run_end(const PlannedRun&, const RunEnd&, const ComparisonProgress&) {}
  // `value` of tune.key is best for this cell.
  virtual void on_choice(const Cell&, const std::string& /*value*/, double /*val_acc*/) {}
  // Several times a second.
  virtual void on_tick(const ComparisonProgress&) {}
};

}  // namespace weir
