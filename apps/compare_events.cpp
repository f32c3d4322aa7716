#include "apps/compare_events.h"

#include "apps/events.h"
#include "compare/report/answer.h"
#include "compare/report/comparison_json.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json point_json(const Cell& cell) {
  Json point = Json::object();
  for (const auto& [key, value] : cell.point) point[key] = value;
  return point;
}

// Which run an event is about.
Json run_fields(const Experiment& experiment, const PlannedRun& run) {
  const Cell& cell = experiment.cells[run.cell];
  return {{"variant", cell.variant},
          {"point", point_json(cell)},
          {"trial", run.candidate ? Json(cell.candidates[*run.candidate].value) : Json(nullptr)},
          {"seed", run.seed}};
}

Json progress_json(const ComparisonProgress& progress) {
  return {{"runs", progress.runs},
          {"complete", progress.complete},
          {"given_up", progress.given_up},
          {"restarts", progress.restarts},
          {"seconds_left", or_null(progress.seconds_left)}};
}

}  // namespace

void CompareEvents::on_start(const Experiment& experiment) {
  experiment_ = &experiment;
  Json nets = Json::array();
  for (const Cell& cell : experiment.cells) {
    nets.push_back({{"variant", cell.variant},
                    {"point", point_json(cell)},
                    {"folder", cell.folder},
                    {"parameters", cell.cost.parameters},
                    {"macs", cell.cost.macs}});
  }
  print_event("start", {{"compare", experiment.plan.name},
                        {"folder", experiment.folder.string()},
                        {"seeds", experiment.plan.seeds},
                        {"nets", nets}});
}

void CompareEvents::on_stage(ComparisonStage stage, const std::vector<PlannedRun>& runs) {
  print_event("stage", {{"stage", stage == ComparisonStage::kTuning ? "tuning" : "training"},
                        {"runs", runs.size()}});
}

void CompareEvents::on_run_start(const PlannedRun& run, int attempt, int resumed_epochs) {
  Json fields = run_fields(*experiment_, run);
  fields["attempt"] = attempt;
  fields["resumed_epochs"] = resumed_epochs;
  print_event("run_start", fields);
}

void CompareEvents::on_epoch(const PlannedRun& run, const EpochRow& row,
                             const ComparisonProgress& progress) {
  Json fields = run_fields(*experiment_, run);
  fields.update(to_json(row));
  fields["progress"] = progress_json(progress);
  print_event("epoch", fields);
}

void CompareEvents::on_restart(const PlannedRun& run, int attempt, const std::string& why) {
  Json fields = run_fields(*experiment_, run);
  fields["attempt"] = attempt;
  fields["trained_seed"] = run.attempt_seed(attempt);
  fields["message"] = why;
  print_event("restart", fields);
}

void CompareEvents::on_run_end(const PlannedRun& run, const RunEnd& end,
                               const ComparisonProgress& progress) {
  Json fields = run_fields(*experiment_, run);
  fields["complete"] = end.complete;
  fields["folder"] = end.folder.string();
  fields["restarts"] = end.restarts;
  fields["progress"] = progress_json(progress);
  print_event("run_end", fields);
}

void CompareEvents::on_choice(const Cell& cell, const std::string& value, double val_acc) {
  print_event("choice", {{"variant", cell.variant},
                         {"point", point_json(cell)},
                         {"key", experiment_->plan.tune->key},
                         {"value", value},
                         {"val_acc", val_acc}});
}

void print_comparison_end(const Comparison& comparison) {
  Json pairs = Json::array();
  for (const PairResult& pair : comparison.pairs) pairs.push_back(pair_json(comparison, pair));
  print_event("end", {{"folder", comparison.experiment.folder.string()},
                      {"complete", comparison.is_whole()},
                      {"answer", answer_lines(comparison)},
                      {"pairs", pairs}});
}

}  // namespace weir
