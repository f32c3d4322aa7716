#include "train/run/report.h"

#include <algorithm>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "train/metrics/confusion.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

const char* name_of(TrainStatus status) {
  switch (status) {
    case TrainStatus::kFinished:
      return "finished";
    case TrainStatus::kStoppedEarly:
      return "stopped early";
    case TrainStatus::kInterrupted:
      return "interrupted";
  }
  return "?";
}

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

const EpochRow* row_of(const std::vector<EpochRow>& rows, int epoch) {
  for (const EpochRow& row : rows) {
    if (row.epoch == epoch) return &row;
  }
  return nullptr;
}

Json best_json(const TrainResult& result) {
  const EpochRow* row = row_of(result.rows, result.best.epoch);
  if (row == nullptr) return nullptr;
  return {{"epoch", row->epoch},
          {"val_loss", or_null(row->val_loss)},
          {"val_acc", or_null(row->val_acc)},
          {"val_acc_top5", or_null(row->val_acc_top5)}};
}

Json test_json(const std::optional<TestScores>& test) {
  if (!test) return nullptr;
  return {{"loss", test->loss}, {"acc", test->accuracy}, {"acc_top5", test->accuracy_top5}};
}

Json start_json(const RunInfo& info) {
  if (info.start_sha256.empty()) return nullptr;
  return {{"weights", info.start_weights}, {"sha256", info.start_sha256}};
}

Json final_json(const std::vector<EpochRow>& rows) {
  if (rows.empty()) return nullptr;
  return {{"train_loss", rows.back().train_loss}, {"train_acc", rows.back().train_acc}};
}

std::string percent(const std::optional<double>& share) {
  constexpr double kHundred = 100.0;
  return share ? fmt::format("{:.2f}", *share * kHundred) : "-";
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{:.4f}", *value) : "-";
}

std::string row_text(const EpochRow& row, bool best) {
  return fmt::format("{:5}  {:10.4f}  {:9}  {:>8}  {:>7}{}  {:9.2e}  {:7.0f}  {:8.1f}\n", row.epoch,
                     row.train_loss, percent(row.train_acc), number(row.val_loss),
                     percent(row.val_acc), best ? "*" : " ", row.lr, row.img_per_s, row.time_s);
}

std::string outcome_text(const TrainResult& result) {
  std::string text =
      fmt::format("status   {} after {} epochs, {:.1f} s, peak {:.0f} MB\n", name_of(result.status),
                  result.rows.size(), result.seconds, result.peak_rss_mb);
  if (const EpochRow* best = row_of(result.rows, result.best.epoch)) {
    text += fmt::format("best     epoch {}, val_acc {}, val_loss {}\n", best->epoch,
                        percent(best->val_acc), number(best->val_loss));
  }
  if (result.test) {
    text += fmt::format("test     acc {}, top-5 {}, loss {:.4f} (evaluated once)\n",
                        percent(result.test->accuracy), percent(result.test->accuracy_top5),
                        result.test->loss);
  }
  return text + fmt::format("weights  sha256 {}\n", result.weights_sha256);
}

}  // namespace

std::string result_json(const RunInfo& info, const TrainResult& result) {
  const Json json{
      {"schema", 1},
      {"name", info.name},
      {"status", name_of(result.status)},
      {"dataset",
       {{"id", info.dataset_id}, {"sha256", info.dataset_sha256}, {"source", info.dataset_source}}},
      {"pictures",
       {{"train", info.train_pictures}, {"val", info.val_pictures}, {"test", info.test_pictures}}},
      {"model", {{"name", info.model}, {"parameters", info.parameters}, {"macs", info.macs}}},
      {"seed", info.seed},
      {"precision", info.precision},
      {"start", start_json(info)},
      {"epochs", result.rows.size()},
      {"best", best_json(result)},
      {"test", test_json(result.test)},
      {"final", final_json(result.rows)},
      {"weights", {{"file", "weights/best.safetensors"}, {"sha256", result.weights_sha256}}},
      {"threads", info.threads},
      {"seconds", result.seconds},
      {"peak_rss_mb", result.peak_rss_mb}};
  constexpr int kIndent = 2;
  return json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string summary_text(const RunInfo& info, const TrainResult& result) {
  std::string text =
      fmt::format("data     {} ({})  {} train / {} val / {} test\n", info.dataset_id,
                  info.dataset_source, info.train_pictures, info.val_pictures, info.test_pictures);
  text += fmt::format("model    {}  {} parameters  {} MACs  {}  seed {}\n\n", info.model,
                      info.parameters, info.macs, info.precision, info.seed);
  text += "epoch  train_loss  train_acc  val_loss  val_acc         lr    img/s    time_s\n";
  for (const EpochRow& row : result.rows) text += row_text(row, row.epoch == result.best.epoch);
  return text + "\n" + outcome_text(result);
}

std::string predictions_csv(const std::vector<Prediction>& predictions,
                            const std::vector<std::string>& classes) {
  const int shown = std::min(5, static_cast<int>(classes.size()));
  std::string text = "index,true,pred";
  for (int k = 1; k <= shown; ++k) text += fmt::format(",class{},prob{}", k, k);
  text += "\n";
  const auto name = [&](int k) { return csv_field(classes[static_cast<size_t>(k)]); };
  for (const Prediction& prediction : predictions) {
    const std::vector<int> top = top_classes(prediction.probabilities, shown);
    text += fmt::format("{},{},{}", prediction.index, name(prediction.label), name(top.front()));
    for (const int k : top) {
      text += fmt::format(",{},{:.6f}", name(k), prediction.probabilities[static_cast<size_t>(k)]);
    }
    text += "\n";
  }
  return text;
}

}  // namespace weir
