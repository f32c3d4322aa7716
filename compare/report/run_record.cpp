#include "compare/report/run_record.h"

#include <algorithm>

#include "compare/report/csv.h"
#include "compare/report/filters_file.h"
#include "compare/run/shift_file.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "train/run/run_folder.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::optional<double> number_or_none(const Json& json) {
  return json.is_number() ? std::optional(json.get<double>()) : std::nullopt;
}

void read_result(const Json& json, RunRecord& record) {
  const auto text = [](const Json& value) { return value.get<std::string>(); };
  record.status = text(json.at("status"));
  record.trained_seed = json.at("seed").get<uint64_t>();
  const Json &dataset = json.at("dataset"), &pictures = json.at("pictures");
  record.dataset_id = text(dataset.at("id"));
  record.dataset_sha256 = text(dataset.at("sha256"));
  record.dataset_source = text(dataset.at("source"));
  record.train_pictures = pictures.at("train").get<int>();
  record.val_pictures = pictures.at("val").get<int>();
  record.test_pictures = pictures.at("test").get<int>();
  record.parameters = json.at("model").at("parameters").get<int64_t>();
  record.macs = json.at("model").at("macs").get<int64_t>();
  record.precision = text(json.at("precision"));
  record.threads = json.at("threads").get<int>();
  record.best_epoch = json.at("best").at("epoch").get<int>();
  record.val_acc = number_or_none(json.at("best").at("val_acc"));
  record.val_loss = number_or_none(json.at("best").at("val_loss"));
  record.test_acc = json.at("test").at("acc").get<double>();
  record.test_acc_top5 = json.at("test").at("acc_top5").get<double>();
  record.test_loss = json.at("test").at("loss").get<double>();
  record.seconds = json.at("seconds").get<double>();
  record.peak_rss_mb = json.at("peak_rss_mb").get<double>();
  record.weights_sha256 = text(json.at("weights").at("sha256"));
}

// Rows of metrics.csv as the objects that EpochRow reads.
std::vector<EpochRow> read_curve(const fs::path& file) {
  const std::vector<std::vector<std::string>> rows = parse_csv(read_file(file));
  std::vector<EpochRow> curve;
  for (size_t i = 1; i < rows.size(); ++i) {
    Json json;
    for (size_t column = 0; column < rows[i].size() && column < rows[0].size(); ++column) {
      const std::string& field = rows[i][column];
      json[rows[0][column]] = field.empty() ? Json() : Json::parse(field);
    }
    curve.push_back(epoch_row_from_json(json));
  }
  return curve;
}

void read_confusion(const fs::path& file, RunRecord& record) {
  const std::vector<std::vector<std::string>> rows = parse_csv(read_file(file));
  if (rows.empty()) return;
  record.classes.assign(rows[0].begin() + 1, rows[0].end());
  for (size_t i = 1; i < rows.size(); ++i) {
    std::vector<int64_t> counts;
    for (size_t column = 1; column < rows[i].size(); ++column) {
      counts.push_back(Json::parse(rows[i][column]).get<int64_t>());
    }
    record.confusion.push_back(std::move(counts));
  }
}

double median_speed(const std::vector<EpochRow>& curve) {
  if (curve.empty()) return 0;
  std::vector<double> speeds;
  for (const EpochRow& row : curve) speeds.push_back(row.img_per_s);
  const auto middle = speeds.begin() + static_cast<ptrdiff_t>(speeds.size() / 2);
  std::nth_element(speeds.begin(), middle, speeds.end());
  return *middle;
}

}  // namespace

RunRecord read_run(const PlannedRun& run, const RunState& state) {
  const fs::path& folder = state.folder;
  RunRecord record{.seed = run.seed, .folder = folder, .failures = state.failures};
  try {
    const Json result = Json::parse(read_file(folder / kResultFile));
    if (!result.at("test").is_object()) {
      fail(ErrorKind::kData, "{}: a comparison needs test pictures, and its data set has none",
           folder.string());
    }
    read_result(result, record);
    record.curve = read_curve(folder / "metrics.csv");
    record.img_per_s = median_speed(record.curve);
    read_confusion(folder / "confusion.csv", record);
    record.environment = Json::parse(read_file(folder / "env.json"));
    record.shift_consistency = shift_share(folder, run.shift_consistency);
    record.filters = read_filters(folder);
  } catch (const Json::exception& error) {
    fail(ErrorKind::kData, "a result in {} is damaged: {}", folder.string(), error.what());
  }
  return record;
}

}  // namespace weir
