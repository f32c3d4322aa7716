#include "compare/run_comparison.h"

#include <algorithm>

#include "compare/report/report_files.h"
#include "compare/run/folder_lock.h"
#include "compare/run/tuning.h"
#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

// Multiply-adds times pictures.
double epoch_cost(const DataConfig& data, const NetCost& cost) {
  constexpr double kWholeSet = 50'000;  // for sets whose size is known only when they are read
  const double whole = data.name == "synth10" ? data.train_size : kWholeSet;
  return std::min(whole, data.limit ? *data.limit : whole) * static_cast<double>(cost.macs);
}

std::vector<EpochCost> epoch_costs(const Experiment& experiment) {
  std::vector<EpochCost> costs;
  for (const Cell& cell : experiment.cells) {
    const Config& trial = cell.candidates.empty() ? cell.config : cell.candidates.front().trial;
    costs.push_back({epoch_cost(cell.config.data, cell.cost), epoch_cost(trial.data, cell.cost)});
  }
  return costs;
}

class ComparisonRunner {
 public:
  ComparisonRunner(const Experiment& experiment, const ComparisonOptions& options,
                   ComparisonObserver& observer)
      : experiment_(experiment),
        options_(options),
        observer_(observer),
        time_left_(epoch_costs(experiment), options.runner.jobs) {}

  // False when it was stopped.
  bool run() {
    observer_.on_start(experiment_);
    expect_final_runs();
    if (!run_stage(ComparisonStage::kTuning, wanted(planned_trials(experiment_)))) return false;
    const std::vector<PlannedRun> runs = wanted(planned_runs(experiment_, choices()));
    for (const PlannedRun& run : runs) time_left_.expect({run.cell}, -run.config.train.epochs);
    return run_stage(ComparisonStage::kTraining, runs);
  }

 private:
  bool is_wanted(size_t cell) const {
    const std::string& variant = experiment_.cells[cell].variant;
    return options_.only.empty() ||
           std::find(options_.only.begin(), options_.only.end(), variant) != options_.only.end();
  }

  std::vector<PlannedRun> wanted(std::vector<PlannedRun> runs) const {
    std::erase_if(runs, [&](const PlannedRun& run) { return !is_wanted(run.cell); });
    return runs;
  }

  // While trials run, the trainings are still to come.
  void expect_final_runs() {
    const int seeds = static_cast<int>(experiment_.plan.seeds.size());
    for (size_t cell = 0; cell < experiment_.cells.size(); ++cell) {
      if (!is_wanted(cell)) continue;
      time_left_.expect({cell}, seeds * experiment_.cells[cell].config.train.epochs);
    }
  }

  bool run_stage(ComparisonStage stage, const std::vector<PlannedRun>& runs) {
    if (runs.empty()) return true;
    ComparisonProgress progress{.runs = static_cast<int>(runs.size())};
    for (const PlannedRun& run : runs) {
      const RunStage at = run_state(run).stage;
      const bool is_open = at == RunStage::kNew || at == RunStage::kUnfinished;
      const EpochKind kind{run.cell, run.candidate.has_value()};
      if (is_open) time_left_.expect(kind, run.config.train.epochs);
    }
    observer_.on_stage(stage, runs);
    return run_all(runs, options_.runner, observer_, time_left_, progress);
  }

  // The candidate of each cell; 0 where it does not matter, as the cell is not wanted now.
  std::vector<size_t> choices() {
    std::vector<size_t> chosen;
    const std::vector<Tuned> tuned = read_tuning(experiment_);
    for (size_t cell = 0; cell < tuned.size(); ++cell) {
      chosen.push_back(tuned[cell].chosen.value_or(0));
      if (is_wanted(cell)) tell_choice(experiment_.cells[cell], tuned[cell]);
    }
    return chosen;
  }

  void tell_choice(const Cell& cell, const Tuned& tuned) {
    if (!tuned.chosen) {
      fail(ErrorKind::kTraining,
           "{}: no value of {} trains, every trial was stuck at chance or diverged; try others "
           "under tune.values",
           cell.str(), experiment_.plan.tune->key);
    }
    const CandidateScore& score = tuned.scores[*tuned.chosen];
    observer_.on_choice(cell, score.value, score.val_acc.value_or(0));
  }

  const Experiment& experiment_;
  const ComparisonOptions& options_;
  ComparisonObserver& observer_;
  TimeLeft time_left_;
};

void check_only(const ComparisonPlan& plan, const std::vector<std::string>& only) {
  std::vector<std::string> names;
  for (const PlanVariant& variant : plan.variants) names.push_back(variant.name);
  for (const std::string& name : only) {
    require(std::find(names.begin(), names.end(), name) != names.end(),
            "there is no variant '{}'{}; there are: {}", name, did_you_mean(name, names),
            join(names));
  }
}

}  // namespace

ComparisonOutcome run_comparison(const Experiment& experiment, ComparisonOptions options,
                                 ComparisonObserver& observer) {
  check_only(experiment.plan, options.only);
  options.runner.after_run = [&] { write_report(read_comparison(experiment)); };
  const FolderLock lock(experiment.folder);
  if (!ComparisonRunner(experiment, options, observer).run())
    return {.interrupted = true, .comparison = {}};
  ComparisonOutcome outcome{.interrupted = false, .comparison = read_comparison(experiment)};
  write_report(*outcome.comparison);
  return outcome;
}

}  // namespace weir
