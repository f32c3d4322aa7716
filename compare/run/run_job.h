// One planned run on its way: training, restarts, and at the end its shift consistency, each in a
// program of its own.
//
// Why programs and not threads: a training owns what a process has only once (thread pool, log
// file, table of kernels, peak memory). So the memory of a run is its own, one that dies takes no
// other with it, and as the number of threads never changes a result, neither does the number of
// jobs.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "compare/observer.h"
#include "compare/run/attempts.h"
#include "compare/run/child_process.h"
#include "compare/run/shift_file.h"
#include "compare/run/time_left.h"

namespace weir {

struct JobOptions {
  std::vector<std::string> program;  // how `weir` is started: its path
  std::optional<int> threads;        // of each training, whatever its train.threads says
  std::optional<int> share;          // of one that has no train.threads; none: every core
  // Set it: nothing new is started.
  const std::atomic<bool>* stop = nullptr;

  bool asked_to_stop() const { return stop != nullptr && *stop; }
};

class RunJob {
 public:
  RunJob(const PlannedRun& run, const JobOptions& options, ComparisonObserver& observer,
         TimeLeft& time_left, ComparisonProgress& progress);

  // Starts what the run needs next; false when it needs nothing more, or was asked to stop.
  bool start_next();
  // Takes what the program has said. When it has ended, goes on with the next one. False when the
  // run has ended, or was interrupted. Throws Error of the program's own kind when it failed.
  bool pump();

  bool interrupted() const { return interrupted_; }
  bool has_child() const { return child_ != nullptr; }
  const ChildProcess& child() const { return *child_; }
  // Has the program save and end: SIGTERM, once, as a second one would end it at once.
  void ask_to_stop();
  // Lets the program end, whatever it says.
  void wait();

 private:
  enum class Work { kTrain, kMeasure };

  bool start(Work work, const std::vector<std::string>& words);
  std::vector<std::string> train_command() const;
  std::vector<std::string> measure_command() const;
  void add_threads(std::vector<std::string>& words) const;
  void check_can_be_measured() const;
  void hear(const std::string& line);
  void hear_event(const nlohmann::ordered_json& event);
  void hear_epoch(const nlohmann::ordered_json& event);
  bool after_end(int exit_code);
  void after_failed_attempt();
  std::string what_was_said() const;
  [[noreturn]] void give_up(int exit_code) const;
  void tell_end(RunStage stage);
  std::string title() const;

  const PlannedRun& run_;
  const JobOptions& options_;
  ComparisonObserver& observer_;
  TimeLeft& time_left_;
  ComparisonProgress& progress_;
  const EpochKind kind_;

  std::unique_ptr<ChildProcess> child_;
  Work work_ = Work::kTrain;
  RunState state_;
  bool interrupted_ = false;
  bool was_asked_ = false;             // to stop; of this program
  int epochs_ = 0;                     // done in this attempt
  std::optional<double> epoch_start_;  // time_s of the epoch before
  RunEnd end_;
  // Of this program:
  std::string error_;        // the message of an error event
  std::string other_lines_;  // what was no event
  std::optional<MeasuredShift> shift_;
};

}  // namespace weir
