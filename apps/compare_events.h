// A comparison as JSON Lines on stdout; the fields are in docs/comparing.md.
#pragma once

#include <filesystem>

#include "compare/observer.h"
#include "compare/report/comparison.h"

namespace weir {

class CompareEvents : public ComparisonObserver {
 public:
  void on_start(const Experiment& experiment) override;
  void on_stage(ComparisonStage stage, const std::vector<PlannedRun>& runs) override;
  void on_run_start(const PlannedRun& run, int attempt, int resumed_epochs) override;
  void on_epoch(const PlannedRun& run, const EpochRow& row,
                const ComparisonProgress& progress) override;
  void on_restart(const PlannedRun& run, int attempt, const std::string& why) override;
  void on_run_end(const PlannedRun& run, const RunEnd& end,
                  const ComparisonProgress& progress) override;
  void on_choice(const Cell& cell, const std::string& value, double val_acc) override;

 private:
  const Experiment* experiment_ = nullptr;
};

// The last event of a comparison that was not interrupted.
void print_comparison_end(const Comparison& comparison);

}  // namespace weir
