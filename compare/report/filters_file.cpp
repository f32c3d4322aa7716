#include "compare/report/filters_file.h"

#include <nlohmann/json.hpp>

#include "compare/report/strided_filters.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "train/trained_model.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json spread_json(const SampleSummary& summary) {
  return {{"mean", summary.mean},
          {"deviation", summary.deviation},
          {"smallest", summary.smallest},
          {"largest", summary.largest}};
}

Json cosines_json(const Cosines& cosines) {
  Json json = cosines.summary ? spread_json(*cosines.summary) : Json::object();
  json["counts"] = cosines.counts;
  return json;
}

// Taps as rows.
Json kernel_json(const std::vector<double>& taps, int width) {
  Json rows = Json::array();
  for (size_t i = 0; i < taps.size(); ++i) {
    if (i % static_cast<size_t>(width) == 0) rows.push_back(Json::array());
    rows.back().push_back(taps[i]);
  }
  return rows;
}

Json group_json(const FilterGroup& group, int width) {
  return {{"count", group.count},
          {"zero", group.zero},
          {"mean", kernel_json(group.mean, width)},
          {"mean_absolute", kernel_json(group.mean_absolute, width)},
          {"dc_gain", spread_json(group.dc_gain)},
          {"box", cosines_json(group.box)},
          {"delta", cosines_json(group.delta)},
          {"binomial", cosines_json(group.binomial)}};
}

Json layer_json(const StridedFilters& filters) {
  const int width = filters.kernel_w;
  Json examples = Json::array();
  for (const ExampleFilter& example : filters.examples) {
    examples.push_back({{"out", example.out},
                        {"in", example.in},
                        {"taps", kernel_json(example.taps, width)},
                        {"dc_gain", example.dc_gain},
                        {"box", example.box},
                        {"delta", example.delta},
                        {"binomial", example.binomial}});
  }
  const auto& own = filters.same_channel;
  const auto& energy = filters.same_channel_energy;
  return {{"layer", filters.layer},
          {"in_channels", filters.in_channels},
          {"out_channels", filters.out_channels},
          {"kernel", {filters.kernel_h, filters.kernel_w}},
          {"stride", {filters.stride_h, filters.stride_w}},
          {"same_channel_energy", energy ? Json(*energy) : Json(nullptr)},
          {"all", group_json(filters.all, width)},
          {"same_channel", own ? group_json(*own, width) : Json(nullptr)},
          {"examples", examples}};
}

Json from_weights(const fs::path& file) {
  const TrainedModel model = load_trained_model(file);
  const ModelCard& card = model.card;
  const FeatureShape input{.c = card.channels, .h = card.height, .w = card.width};
  Json layers = Json::array();
  for (const StridedFilters& filters : strided_filters(*model.network, input)) {
    layers.push_back(layer_json(filters));
  }
  return {{"schema", 1}, {"layers", layers}};
}

}  // namespace

Json read_filters(const fs::path& run) {
  const fs::path file = run / kFiltersFile, weights = run / "weights" / "best.safetensors";
  if (!fs::exists(file)) return fs::exists(weights) ? from_weights(weights) : Json();
  try {
    Json filters = Json::parse(read_file(file));
    if (filters.at("layers").is_array()) return filters;
  } catch (const Json::exception&) {
  }
  fail(ErrorKind::kData, "{} is damaged; remove it, and it is made anew from the weights",
       file.string());
}

void keep_filters(const fs::path& run, const Json& filters) {
  if (filters.is_null() || fs::exists(run / kFiltersFile)) return;
  write_file_atomic(run / kFiltersFile, filters.dump(1) + "\n");
}

}  // namespace weir
