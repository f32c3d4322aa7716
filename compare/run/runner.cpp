#include "compare/run/runner.h"

#include <algorithm>

#include <poll.h>

namespace weir {
namespace {

class Runner {
 public:
  Runner(const std::vector<PlannedRun>& runs, const RunnerOptions& options,
         ComparisonObserver& observer, TimeLeft& time_left, ComparisonProgress& progress)
      : runs_(runs),
        options_(options),
        observer_(observer),
        time_left_(time_left),
        progress_(progress) {}

  bool run() {
    try {
      for (fill(); !active_.empty(); fill()) {
        forward_stop();
        wait_for_output();
        pump();
        observer_.on_tick(progress_);
      }
    } catch (...) {
      end_all();
      throw;
    }
    return !is_stopping_;
  }

 private:
  bool asked_to_stop() const { return options_.job.asked_to_stop(); }

  void fill() {
    while (active_.size() < static_cast<size_t>(options_.jobs) && next_ < runs_.size() &&
           !is_stopping_) {
      auto job =
          std::make_unique<RunJob>(runs_[next_++], options_.job, observer_, time_left_, progress_);
      const bool is_active = job->start_next();
      is_stopping_ = job->interrupted();
      if (is_active) active_.push_back(std::move(job));
    }
  }

  void forward_stop() {
    if (!asked_to_stop()) return;
    for (const auto& job : active_) job->ask_to_stop();
  }

  void wait_for_output() const {
    std::vector<pollfd> files;
    for (const auto& job : active_) {
      files.push_back({.fd = job->child().descriptor(), .events = POLLIN, .revents = 0});
    }
    constexpr int kMilliseconds = 200;  // a request to stop waits no longer
    ::poll(files.data(), files.size(), kMilliseconds);
  }

  void pump() {
    for (auto& job : active_) {
      if (job->pump()) continue;
      is_stopping_ = is_stopping_ || job->interrupted();
      if (!job->interrupted() && options_.after_run) options_.after_run();
      job.reset();
    }
    std::erase(active_, nullptr);
  }

  // Lets every training save what it has.
  void end_all() {
    std::erase_if(active_, [](const auto& job) { return !job || !job->has_child(); });
    for (const auto& job : active_) job->ask_to_stop();
    for (const auto& job : active_) job->wait();
    active_.clear();
  }

  const std::vector<PlannedRun>& runs_;
  const RunnerOptions& options_;
  ComparisonObserver& observer_;
  TimeLeft& time_left_;
  ComparisonProgress& progress_;
  std::vector<std::unique_ptr<RunJob>> active_;
  size_t next_ = 0;
  bool is_stopping_ = false;
};

}  // namespace

bool run_all(const std::vector<PlannedRun>& runs, const RunnerOptions& options,
             ComparisonObserver& observer, TimeLeft& time_left, ComparisonProgress& progress) {
  return Runner(runs, options, observer, time_left, progress).run();
}

}  // namespace weir
