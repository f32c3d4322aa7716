// Runs the trainings of a stage, several at a time.
#pragma once

#include <functional>
#include <vector>

#include "compare/run/run_job.h"

namespace weir {

struct RunnerOptions {
  JobOptions job;
  int jobs = 1;
  std::function<void()> after_run;  // when one has ended that had something left to do
};

// Those that are complete are only counted. False when it was asked to stop: every training has
// saved then. Throws what a training threw that failed otherwise than by being stuck or diverging,
// and what after_run throws, after the others have saved.
bool run_all(const std::vector<PlannedRun>& runs, const RunnerOptions& options,
             ComparisonObserver& observer, TimeLeft& time_left, ComparisonProgress& progress);

}  // namespace weir
