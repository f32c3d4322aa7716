#include "compare/report/comparison.h"

#include <algorithm>

#include "compare/report/pair_test.h"
#include "compare/statistics/holm.h"
#include "core/base/error.h"

namespace weir {
namespace {

template <class Value>
std::optional<SampleSummary> summary_of(const std::vector<RunRecord>& runs, const Value& value) {
  std::vector<double> values;
  for (const RunRecord& run : runs) {
    const std::optional<double> one = value(run);
    if (one) values.push_back(*one);
  }
  if (values.empty()) return std::nullopt;
  return summarize_sample(values);
}

std::vector<size_t> chosen_candidates(const std::vector<Tuned>& tuned) {
  std::vector<size_t> chosen;
  for (const Tuned& cell : tuned) chosen.push_back(cell.chosen.value_or(0));
  return chosen;
}

void add_run(const PlannedRun& run, CellResult& cell) {
  RunState state = run_state(run);
  if (state.stage == RunStage::kComplete) {
    cell.runs.push_back(read_run(run, state));
  } else if (state.stage == RunStage::kGivenUp) {
    cell.given_up.push_back({run.seed, std::move(state.failures)});
  } else {
    ++cell.missing;
  }
}

std::vector<CellResult> read_cells(const Experiment& experiment) {
  std::vector<CellResult> cells(experiment.cells.size());
  const std::vector<Tuned> tuned = read_tuning(experiment);
  for (size_t i = 0; i < cells.size(); ++i) {
    cells[i].cell = i;
    if (!tuned.empty()) cells[i].tuned = tuned[i];
  }
  for (const PlannedRun& run : planned_runs(experiment, chosen_candidates(tuned))) {
    const bool is_known = tuned.empty() || tuned[run.cell].chosen;
    if (is_known) {
      add_run(run, cells[run.cell]);
    } else {
      ++cells[run.cell].missing;
    }
  }
  for (CellResult& cell : cells) cell.summarize();
  return cells;
}

// Variants of one point must have seen the same pictures; a grid may be over data sets.
void check_pictures(const Comparison& comparison) {
  const size_t variants = comparison.experiment.plan.variants.size();
  const RunRecord* first = nullptr;
  for (size_t i = 0; i < comparison.cells.size(); ++i) {
    if (i % variants == 0) first = nullptr;
    for (const RunRecord& run : comparison.cells[i].runs) {
      if (first == nullptr) first = &run;
      if (run.dataset_sha256 == first->dataset_sha256) continue;
      fail(ErrorKind::kData, "{} and {} were trained on different pictures: {} ({}) and {} ({})",
           first->folder.string(), run.folder.string(), first->dataset_id, first->dataset_sha256,
           run.dataset_id, run.dataset_sha256);
    }
  }
}

void count_runs(Comparison& comparison) {
  for (const CellResult& cell : comparison.cells) {
    const int complete = static_cast<int>(cell.runs.size()),
              given_up = static_cast<int>(cell.given_up.size());
    comparison.runs_planned += complete + given_up + cell.missing;
    comparison.runs_complete += complete;
    comparison.runs_given_up += given_up;
    comparison.restarts += cell.restarts;
  }
}

void test_pairs(Comparison& comparison) {
  const Experiment& experiment = comparison.experiment;
  const PlanTest& test = experiment.plan.test;
  const size_t count = experiment.plan.pairs.size() * experiment.points();
  comparison.first_alpha = test.alpha / static_cast<double>(std::max<size_t>(count, 1));
  for (size_t point = 0; point < experiment.points(); ++point) {
    for (const PlanPair& pair : experiment.plan.pairs) {
      PairResult result{.pair = pair};
      result.a = static_cast<size_t>(&experiment.cell(point, pair.a) - experiment.cells.data());
      result.b = static_cast<size_t>(&experiment.cell(point, pair.b) - experiment.cells.data());
      test_pair(comparison.cells[result.a], comparison.cells[result.b], test,
                comparison.first_alpha, result);
      comparison.pairs.push_back(std::move(result));
    }
  }
  std::vector<double> p;  // those that were not tested count as undecided
  for (const PairResult& pair : comparison.pairs) p.push_back(pair.test.p);
  const std::vector<double> adjusted = holm_adjusted(p);
  for (size_t i = 0; i < adjusted.size(); ++i) {
    PairResult& pair = comparison.pairs[i];
    pair.p_adjusted = adjusted[i];
    pair.is_shown = pair.is_tested && is_at_most(adjusted[i], test.alpha);
  }
}

}  // namespace

void CellResult::summarize() {
  using Optional = std::optional<double>;
  test_acc = summary_of(runs, [](const RunRecord& run) -> Optional { return run.test_acc; });
  val_acc = summary_of(runs, [](const RunRecord& run) { return run.val_acc; });
  shift_consistency = summary_of(runs, [](const RunRecord& run) { return run.shift_consistency; });
  seconds = summary_of(runs, [](const RunRecord& run) -> Optional { return run.seconds; });
  img_per_s = summary_of(runs, [](const RunRecord& run) -> Optional { return run.img_per_s; });
  peak_rss_mb = summary_of(runs, [](const RunRecord& run) -> Optional { return run.peak_rss_mb; });
  restarts = 0;
  for (const RunRecord& run : runs) restarts += static_cast<int>(run.failures.size());
  for (const GivenUpRun& run : given_up) restarts += static_cast<int>(run.failures.size()) - 1;
}

NetCost Comparison::cost_of(const CellResult& result) const {
  if (result.runs.empty()) return cell_of(result).cost;
  return {.parameters = result.runs.front().parameters, .macs = result.runs.front().macs};
}

const Config* Comparison::config_of(const CellResult& result) const {
  const Cell& cell = cell_of(result);
  if (cell.candidates.empty()) return &cell.config;
  return result.tuned.chosen ? &cell.candidates[*result.tuned.chosen].config : nullptr;
}

Comparison read_comparison(const Experiment& experiment) {
  Comparison comparison{.experiment = experiment, .cells = read_cells(experiment), .pairs = {}};
  check_pictures(comparison);
  count_runs(comparison);
  test_pairs(comparison);
  return comparison;
}

}  // namespace weir
