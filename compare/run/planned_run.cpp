#include "compare/run/planned_run.h"

#include <fmt/core.h>

namespace weir {
namespace {

namespace fs = std::filesystem;

PlannedRun planned(const Experiment& experiment, size_t cell, uint64_t seed, const fs::path& folder,
                   const Config& config) {
  PlannedRun run{.cell = cell, .seed = seed, .config = config};
  run.config.name = fmt::format("seed{}", seed);
  run.config.train.seed = seed;
  run.config.output.dir = folder.string();
  run.folder = folder / run.config.name;
  run.restarts = experiment.plan.restarts;
  run.shift_consistency = experiment.plan.shift_consistency;
  return run;
}

}  // namespace

fs::path PlannedRun::attempt_folder(int attempt) const {
  return folder / fmt::format("{:04}", attempt + 1);
}

uint64_t PlannedRun::attempt_seed(int attempt) const {
  return seed + kSeedsEnd * static_cast<uint64_t>(attempt);
}

std::vector<PlannedRun> planned_trials(const Experiment& experiment) {
  std::vector<PlannedRun> runs;
  if (!experiment.plan.tune) return runs;
  const PlanTuning& tune = *experiment.plan.tune;
  for (int s = 0; s < tune.seeds; ++s) {
    const uint64_t seed = experiment.plan.seeds[static_cast<size_t>(s)];
    for (size_t cell = 0; cell < experiment.cells.size(); ++cell) {
      const Cell& net = experiment.cells[cell];
      for (size_t i = 0; i < net.candidates.size(); ++i) {
        const Candidate& candidate = net.candidates[i];
        const fs::path folder = experiment.folder / net.folder / "tune" / candidate.folder;
        runs.push_back(planned(experiment, cell, seed, folder, candidate.trial));
        runs.back().candidate = i;
        runs.back().restarts = runs.back().shift_consistency = 0;
      }
    }
  }
  return runs;
}

std::vector<PlannedRun> planned_runs(const Experiment& experiment,
                                     const std::vector<size_t>& chosen) {
  std::vector<PlannedRun> runs;
  for (const uint64_t seed : experiment.plan.seeds) {
    for (size_t cell = 0; cell < experiment.cells.size(); ++cell) {
      const Cell& net = experiment.cells[cell];
      const Config& config = chosen.empty() ? net.config : net.candidates[chosen[cell]].config;
      runs.push_back(planned(experiment, cell, seed, experiment.folder / net.folder, config));
    }
  }
  return runs;
}

}  // namespace weir
