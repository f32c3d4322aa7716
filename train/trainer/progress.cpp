#include "train/trainer/progress.h"

#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

// Calls visit(name, field) for every number.
template <class ProgressOrConst, class Visit>
void for_each_number(ProgressOrConst& progress, const Visit& visit) {
  visit("epoch", progress.epoch);
  visit("batch", progress.batch);
  visit("step", progress.step);
  visit("running_loss_sum", progress.running.loss_sum);
  visit("running_count", progress.running.count);
  visit("running_correct", progress.running.correct);
  visit("running_correct_top5", progress.running.correct_top5);
  visit("grad_norm_sum", progress.grad_norm_sum);
  visit("data_wait_s", progress.data_wait_s);
  visit("train_seconds", progress.train_seconds);
  visit("seconds", progress.seconds);
  visit("best_epoch", progress.best.epoch);
  visit("best_value", progress.best.value);
  visit("epochs_since_best", progress.best.epochs_since);
}

}  // namespace

std::string to_text(const Progress& progress) {
  Json json = Json::object();
  for_each_number(progress, [&](const char* name, const auto& value) { json[name] = value; });
  json["rows"] = Json::array();
  for (const EpochRow& row : progress.rows) json["rows"].push_back(to_json(row));
  return json.dump();
}

Progress progress_from_text(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    Progress progress;
    for_each_number(progress, [&](const char* name, auto& value) { json.at(name).get_to(value); });
    for (const Json& row : json.at("rows")) progress.rows.push_back(epoch_row_from_json(row));
    return progress;
  } catch (const Json::exception& error) {
    fail(ErrorKind::kData, "the state's progress is damaged: {}", error.what());
  }
}

}  // namespace weir
