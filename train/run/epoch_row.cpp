#include "train/run/epoch_row.h"

#include <fmt/core.h>

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

// Calls visit(name, field, decimals) for every column in order.
template <class Row, class Visit>
void for_each_column(Row& row, const Visit& visit) {
  visit("epoch", row.epoch, 0);
  visit("step", row.step, 0);
  visit("time_s", row.time_s, 3);
  visit("lr", row.lr, 8);
  visit("train_loss", row.train_loss, 6);
  visit("train_acc", row.train_acc, 6);
  visit("val_loss", row.val_loss, 6);
  visit("val_acc", row.val_acc, 6);
  visit("val_acc_top5", row.val_acc_top5, 6);
  visit("grad_norm", row.grad_norm, 6);
  visit("img_per_s", row.img_per_s, 1);
  visit("data_wait_s", row.data_wait_s, 3);
  visit("peak_rss_mb", row.peak_rss_mb, 1);
}

std::string field_text(double value, int decimals) {
  return fmt::format("{:.{}f}", value, decimals);
}
std::string field_text(int64_t value, int) { return fmt::format("{}", value); }
std::string field_text(int value, int) { return fmt::format("{}", value); }
std::string field_text(const std::optional<double>& value, int decimals) {
  return value ? field_text(*value, decimals) : "";
}

Json field_json(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }
template <class T>
Json field_json(const T& value) {
  return value;
}

void read_field(const Json& json, std::optional<double>& value) {
  if (!json.is_null()) value = json.get<double>();
}
template <class T>
void read_field(const Json& json, T& value) {
  value = json.get<T>();
}

}  // namespace

std::string metrics_csv(const std::vector<EpochRow>& rows) {
  std::string text;
  const EpochRow names;
  for_each_column(names, [&](const char* name, const auto&, int) {
    text += fmt::format("{}{}", text.empty() ? "" : ",", name);
  });
  for (const EpochRow& row : rows) {
    std::string line;
    for_each_column(row, [&](const char* name, const auto& value, int decimals) {
      const bool first = std::string_view(name) == "epoch";
      line += (first ? "" : ",") + field_text(value, decimals);
    });
    text += "\n" + line;
  }
  return text + "\n";
}

Json to_json(const EpochRow& row) {
  Json json = Json::object();
  for_each_column(
      row, [&](const char* name, const auto& value, int) { json[name] = field_json(value); });
  return json;
}

EpochRow epoch_row_from_json(const Json& json) {
  EpochRow row;
  for_each_column(row,
                  [&](const char* name, auto& value, int) { read_field(json.at(name), value); });
  return row;
}

}  // namespace weir
