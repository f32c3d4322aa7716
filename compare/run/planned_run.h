// The trainings of an experiment, each with its place on the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "compare/plan/experiment.h"

namespace weir {

// <comparison>/strided/seed1, or for a trial <comparison>/strided/tune/optimizer.lr-0.05/seed1.
// Attempts are run folders in it: 0001, and after a restart 0002, ..
struct PlannedRun {
  size_t cell = 0;                  // of Experiment::cells
  std::optional<size_t> candidate;  // a trial of this one
  uint64_t seed = 1;                // of the first attempt
  std::filesystem::path folder;
  Config config;  // of the first attempt; its name and output.dir lead to `folder`
  // Attempts after the first. Trials have none: a value that does not train is no candidate.
  int restarts = 0;
  int shift_consistency = 0;  // pixels; 0: not measured, as for trials

  std::filesystem::path attempt_folder(int attempt) const;  // attempts count from 0
  uint64_t attempt_seed(int attempt) const;
};

// Seed by seed, so that a comparison that is stopped has whole rows to compare.
std::vector<PlannedRun> planned_trials(const Experiment& experiment);
// `chosen`: the candidate of each cell; empty without tuning.
std::vector<PlannedRun> planned_runs(const Experiment& experiment,
                                     const std::vector<size_t>& chosen);

}  // namespace weir
