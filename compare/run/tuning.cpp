#include "compare/run/tuning.h"

#include <nlohmann/json.hpp>

#include "compare/run/attempts.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "train/run/run_folder.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

double best_val_acc(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kResultFile;
  try {
    return Json::parse(read_file(file)).at("best").at("val_acc").get<double>();
  } catch (const Json::exception& error) {
    fail(ErrorKind::kData, "{} is damaged: {}", file.string(), error.what());
  }
}

struct Trials {
  int done = 0, failed = 0;
  double sum = 0;
};

void choose(const std::vector<Trials>& trials, int seeds, Tuned& tuned) {
  tuned.complete = true;
  for (size_t i = 0; i < trials.size(); ++i) {
    if (trials[i].done + trials[i].failed < seeds) tuned.complete = false;
    if (trials[i].failed == 0 && trials[i].done > 0) {
      tuned.scores[i].val_acc = trials[i].sum / trials[i].done;
    }
  }
  if (!tuned.complete) return;
  for (size_t i = 0; i < trials.size(); ++i) {
    const std::optional<double>& score = tuned.scores[i].val_acc;
    if (!score) continue;
    if (!tuned.chosen || *score > *tuned.scores[*tuned.chosen].val_acc) tuned.chosen = i;
  }
}

}  // namespace

std::vector<Tuned> read_tuning(const Experiment& experiment) {
  if (!experiment.plan.tune) return {};
  std::vector<std::vector<Trials>> trials;
  for (const Cell& cell : experiment.cells) trials.emplace_back(cell.candidates.size());
  for (const PlannedRun& run : planned_trials(experiment)) {
    Trials& of = trials[run.cell][*run.candidate];
    const RunState state = run_state(run);
    if (state.stage == RunStage::kComplete) {
      ++of.done;
      of.sum += best_val_acc(state.folder);
    }
    if (state.stage == RunStage::kGivenUp) ++of.failed;
  }
  std::vector<Tuned> all(experiment.cells.size());
  for (size_t cell = 0; cell < all.size(); ++cell) {
    for (const Candidate& candidate : experiment.cells[cell].candidates) {
      all[cell].scores.push_back({candidate.value, {}});
    }
    choose(trials[cell], experiment.plan.tune->seeds, all[cell]);
  }
  return all;
}

}  // namespace weir
