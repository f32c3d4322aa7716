#include "compare/report/comparison_json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "compare/report/answer.h"
#include "train/config/key_search.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json interval_json(const std::optional<Interval>& interval) {
  if (!interval) return nullptr;
  return {interval->low, interval->high};
}

Json summary_json(const std::optional<SampleSummary>& sample) {
  if (!sample) return nullptr;
  return {{"count", sample->count},         {"mean", sample->mean},
          {"deviation", sample->deviation}, {"smallest", sample->smallest},
          {"largest", sample->largest},     {"interval", interval_json(sample->interval)}};
}

std::string relative(const std::filesystem::path& path, const Comparison& comparison) {
  return path.lexically_relative(comparison.experiment.folder).string();
}

Json failures_json(const std::vector<FailedAttempt>& failures, const Comparison& comparison) {
  Json list = Json::array();
  for (const FailedAttempt& failure : failures) {
    list.push_back({{"seed", failure.seed},
                    {"folder", relative(failure.folder, comparison)},
                    {"message", failure.message}});
  }
  return list;
}

// One list for each column of metrics.csv.
Json curve_json(const std::vector<EpochRow>& curve) {
  Json columns = Json::object();
  for (const EpochRow& row : curve) {
    const Json fields = to_json(row);
    for (const auto& [name, value] : fields.items()) columns[name].push_back(value);
  }
  return columns;
}

Json run_json(const RunRecord& run, size_t environment, const Comparison& comparison) {
  const std::string folder = relative(run.folder, comparison);
  return {
      {"seed", run.seed},
      {"trained_seed", run.trained_seed},
      {"folder", folder},
      {"status", run.status},
      {"failures", failures_json(run.failures, comparison)},
      {"dataset",
       {{"id", run.dataset_id},
        {"sha256", run.dataset_sha256},
        {"source", run.dataset_source},
        {"train", run.train_pictures},
        {"val", run.val_pictures},
        {"test", run.test_pictures}}},
      {"test", {{"acc", run.test_acc}, {"acc_top5", run.test_acc_top5}, {"loss", run.test_loss}}},
      {"best",
       {{"epoch", run.best_epoch},
        {"val_acc", or_null(run.val_acc)},
        {"val_loss", or_null(run.val_loss)}}},
      {"shift_consistency", or_null(run.shift_consistency)},
      {"seconds", run.seconds},
      {"img_per_s", run.img_per_s},
      {"peak_rss_mb", run.peak_rss_mb},
      {"precision", run.precision},
      {"threads", run.threads},
      {"weights", {{"file", folder + "/weights/best.safetensors"}, {"sha256", run.weights_sha256}}},
      {"predictions", folder + "/predictions.csv"},
      {"environment", environment},
      {"curve", curve_json(run.curve)},
      {"classes", run.classes},
      {"confusion", run.confusion}};
}

// Machines and programs that runs come from, each once.
class Environments {
 public:
  size_t index_of(const Json& environment) {
    const auto found = std::find(all_.begin(), all_.end(), environment);
    if (found != all_.end()) return static_cast<size_t>(found - all_.begin());
    all_.push_back(environment);
    return all_.size() - 1;
  }
  Json json() const { return all_; }

 private:
  std::vector<Json> all_;
};

Json tuning_json(const Tuned& tuned, const std::string& key) {
  Json candidates = Json::array();
  for (const CandidateScore& score : tuned.scores) {
    candidates.push_back({{"value", score.value}, {"val_acc", or_null(score.val_acc)}});
  }
  return {{"key", key},
          {"candidates", candidates},
          {"chosen", tuned.chosen ? Json(tuned.scores[*tuned.chosen].value) : Json(nullptr)}};
}

// Of the first run whose filters are known.
Json filters_json(const CellResult& result, const Comparison& comparison) {
  for (const RunRecord& run : result.runs) {
    if (run.filters.is_null() || run.filters.at("layers").empty()) continue;
    return {{"run", relative(run.folder, comparison)}, {"layers", run.filters.at("layers")}};
  }
  return nullptr;
}

Json cell_json(const CellResult& result, const Comparison& comparison, Environments& environments) {
  const Cell& cell = comparison.cell_of(result);
  const std::optional<PlanTuning>& tune = comparison.experiment.plan.tune;
  const NetCost cost = comparison.cost_of(result);
  Json point = Json::object(), runs = Json::array(), given_up = Json::array();
  for (const auto& [key, value] : cell.point) point[key] = value;
  for (const RunRecord& run : result.runs) {
    runs.push_back(run_json(run, environments.index_of(run.environment), comparison));
  }
  for (const GivenUpRun& run : result.given_up) {
    given_up.push_back({{"seed", run.seed}, {"failures", failures_json(run.failures, comparison)}});
  }
  return {{"variant", cell.variant},
          {"point", point},
          {"folder", cell.folder},
          {"parameters", cost.parameters},
          {"macs", cost.macs},
          {"missing", result.missing},
          {"restarts", result.restarts},
          {"test_acc", summary_json(result.test_acc)},
          {"val_acc", summary_json(result.val_acc)},
          {"shift_consistency", summary_json(result.shift_consistency)},
          {"seconds", summary_json(result.seconds)},
          {"img_per_s", summary_json(result.img_per_s)},
          {"peak_rss_mb", summary_json(result.peak_rss_mb)},
          {"tuning", tune ? tuning_json(result.tuned, tune->key) : Json(nullptr)},
          {"filters", filters_json(result, comparison)},
          {"runs", runs},
          {"given_up", given_up}};
}

// Keys in which the nets differ: the value of each cell, null where the key is not set or does not
// apply.
Json configuration_json(const Comparison& comparison) {
  Json differing = Json::object();
  for (const Key& key : config_keys()) {
    Json values = Json::array();
    bool differs = false;
    for (const CellResult& cell : comparison.cells) {
      const Config* config = comparison.config_of(cell);
      const bool has = config != nullptr && applies(key, *config);
      const std::string text = has ? key.write(*config) : "null";
      values.push_back(text == "null" ? Json(nullptr) : Json(text));
      differs = differs || values.back() != values.front();
    }
    if (differs) differing[key.path] = values;
  }
  return differing;
}

// What `weir compare` was given.
Json plan_json(const Experiment& experiment) {
  Json overrides = Json::array();
  for (const Override& change : experiment.overrides) overrides.push_back(change.text);
  return {{"file", experiment.plan.file.string()}, {"overrides", overrides}};
}

Json seeds_json(const ComparisonPlan& plan) {
  Json seeds = Json::array();
  for (const uint64_t seed : plan.seeds) seeds.push_back(seed);
  return seeds;
}

}  // namespace

Json pair_json(const Comparison& comparison, const PairResult& pair) {
  const PlanPair& plan = pair.pair;
  Json point = Json::object();
  for (const auto& [key, value] : comparison.cell_of(comparison.cells[pair.a]).point) {
    point[key] = value;
  }
  Json json{{"name", plan.name},
            {"a", plan.a},
            {"b", plan.b},
            {"point", point},
            {"equal", plan.equal.empty() ? Json(nullptr) : Json(plan.equal)},
            {"tested", pair.is_tested},
            {"reason", pair.reason},
            {"sentence", pair_sentence(comparison, pair)}};
  if (!pair.is_tested) return json;
  json["method"] = pair.is_paired ? "paired" : "unpaired";
  json["samples"] = {{"a", summary_json(pair.sample_a)}, {"b", summary_json(pair.sample_b)}};
  json["difference"] = pair.difference;
  json["interval"] = interval_json(pair.interval);
  json["p"] = pair.test.p;
  json["p_holm"] = pair.p_adjusted;
  json["exact"] = pair.test.exact;
  json["ways"] = pair.test.ways;
  json["smallest_p"] = pair.test.smallest_p;
  json["shown"] = pair.is_shown;
  json["smallest_difference"] = or_null(pair.smallest_difference);
  return json;
}

Json comparison_json(const Comparison& comparison) {
  const ComparisonPlan& plan = comparison.experiment.plan;
  Environments environments;
  Json cells = Json::array(), pairs = Json::array();
  for (const CellResult& cell : comparison.cells) {
    cells.push_back(cell_json(cell, comparison, environments));
  }
  for (const PairResult& pair : comparison.pairs) pairs.push_back(pair_json(comparison, pair));
  return {{"schema", 1},
          {"compare", plan.name},
          {"plan", plan_json(comparison.experiment)},
          {"complete", comparison.is_whole()},
          {"answer", answer_lines(comparison)},
          {"runs",
           {{"planned", comparison.runs_planned},
            {"complete", comparison.runs_complete},
            {"given_up", comparison.runs_given_up},
            {"restarts", comparison.restarts}}},
          {"seeds", seeds_json(plan)},
          {"test",
           {{"method", plan.test.method},
            {"correction", "holm"},
            {"alpha", plan.test.alpha},
            {"first_alpha", comparison.first_alpha},
            {"power", plan.test.power}}},
          {"shift_pixels", plan.shift_consistency},
          {"pairs", pairs},
          {"cells", cells},
          {"configuration", configuration_json(comparison)},
          {"environments", environments.json()}};
}

}  // namespace weir
