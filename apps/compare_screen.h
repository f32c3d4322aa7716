// A comparison on the screen: on a terminal a table that is redrawn while trainings run, and
// everywhere one line for each run that ends. All of it goes to stderr.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "apps/globals.h"
#include "compare/observer.h"

namespace weir {

class CompareScreen : public ComparisonObserver {
 public:
  explicit CompareScreen(const GlobalOptions& globals);
  ~CompareScreen() override;

  void on_start(const Experiment& experiment) override;
  void on_stage(ComparisonStage stage, const std::vector<PlannedRun>& runs) override;
  void on_run_start(const PlannedRun& run, int attempt, int resumed_epochs) override;
  void on_epoch(const PlannedRun& run, const EpochRow& row,
                const ComparisonProgress& progress) override;
  void on_restart(const PlannedRun& run, int attempt, const std::string& why) override;
  void on_run_end(const PlannedRun& run, const RunEnd& end,
                  const ComparisonProgress& progress) override;
  void on_choice(const Cell& cell, const std::string& value, double val_acc) override;
  void on_tick(const ComparisonProgress& progress) override;

 private:
  // A row of the table.
  struct Row {
    std::string name;
    int runs = 0, ended = 0;
    std::map<const PlannedRun*, std::string> now;  // what each training of the cell is at
  };

  std::string name_of(const PlannedRun& run) const;
  std::string short_name(const PlannedRun& run) const;
  void draw(const ComparisonProgress& progress);
  void clear();

  bool draws_;
  const Experiment* experiment_ = nullptr;
  std::string stage_;
  std::vector<Row> rows_;
  bool is_drawn_ = false;
  std::chrono::steady_clock::time_point drawn_at_{};
};

// "strided data.limit 5000  seed 3", with the value that a trial tries.
std::string run_name(const Experiment& experiment, const PlannedRun& run);

}  // namespace weir
