#include "apps/train_events.h"

#include "apps/events.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

const char* status_name(TrainStatus status) {
  switch (status) {
    case TrainStatus::kFinished:
      return "finished";
    case TrainStatus::kStoppedEarly:
      return "stopped_early";
    case TrainStatus::kInterrupted:
      return "interrupted";
  }
  return "";
}

Json scores(const std::optional<TestScores>& test) {
  if (!test) return nullptr;
  return {{"loss", test->loss}, {"acc", test->accuracy}, {"acc_top5", test->accuracy_top5}};
}

// One object for each layer with weights; null for a run that begins without trained ones.
Json start_weights(const RunInfo& info) {
  if (info.start_sha256.empty()) return nullptr;
  Json json{{"weights", info.start_weights}, {"sha256", info.start_sha256}};
  if (!info.start) return json;
  json["epoch"] = info.start->epoch;
  json["layers"] = Json::array();
  for (const auto& [layer, source] : info.start->transfer.layers) {
    json["layers"].push_back(
        {{"name", layer.path}, {"from", source.empty() ? Json() : Json(source)}});
  }
  json["dropped"] = Json::array();
  for (const LayerState& layer : info.start->transfer.dropped)
    json["dropped"].push_back(layer.path);
  return json;
}

}  // namespace

void TrainEvents::on_start(const RunInfo& info) {
  print_event("start",
              {{"name", info.name},
               {"run", info.folder.string()},
               {"dataset",
                {{"id", info.dataset_id},
                 {"source", info.dataset_source},
                 {"sha256", info.dataset_sha256},
                 {"classes", info.classes},
                 {"train", info.train_pictures},
                 {"val", info.val_pictures},
                 {"test", info.test_pictures}}},
               {"model", info.model},
               {"parameters", info.parameters},
               {"macs", info.macs},
               {"epochs", info.epochs},
               {"steps_per_epoch", info.steps_per_epoch},
               {"batch_size", info.batch_size},
               {"seed", info.seed},
               {"threads", info.threads},
               {"precision", info.precision},
               {"start", start_weights(info)},
               {"resumed_epochs", info.resumed_epochs ? Json(*info.resumed_epochs) : Json()},
               {"notes", info.notes}});
}

void TrainEvents::on_epoch(const EpochRow& row, bool best_so_far) {
  Json fields = to_json(row);
  fields["best"] = best_so_far;
  print_event("epoch", fields);
}

void TrainEvents::on_end(const TrainResult& result) {
  print_event("end", {{"status", status_name(result.status)},
                      {"run", result.folder.string()},
                      {"epochs", result.rows.size()},
                      {"best_epoch", result.best.epoch},
                      {"best_value", result.best.value},
                      {"test", scores(result.test)},
                      {"weights_sha256", result.weights_sha256},
                      {"seconds", result.seconds},
                      {"peak_rss_mb", result.peak_rss_mb}});
}

}  // namespace weir
