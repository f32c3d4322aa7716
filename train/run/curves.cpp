#include "train/run/curves.h"

#include <limits>

#include "datasets/plot.h"

namespace weir {
namespace {

// One line over the epochs; absent values leave gaps.
template <class Value>
Curve curve(const std::string& label, const std::vector<EpochRow>& rows, const Value& value) {
  Curve line{.label = label};
  for (const EpochRow& row : rows) {
    const std::optional<double> y = value(row);
    line.x.push_back(row.epoch);
    line.y.push_back(y.value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  return line;
}

using Optional = std::optional<double>;

}  // namespace

Picture draw_curves(const std::string& title, const std::vector<EpochRow>& rows) {
  const Panel loss{
      .title = "loss",
      .x_label = "epoch",
      .y_label = "cross-entropy",
      .curves = {
          curve("train", rows, [](const EpochRow& row) -> Optional { return row.train_loss; }),
          curve("validation", rows, [](const EpochRow& row) { return row.val_loss; })}};
  const Panel accuracy{
      .title = "accuracy",
      .x_label = "epoch",
      .y_label = "share of pictures",
      .curves = {
          curve("train", rows, [](const EpochRow& row) -> Optional { return row.train_acc; }),
          curve("validation", rows, [](const EpochRow& row) { return row.val_acc; })}};
  return plot_curves({loss, accuracy}, {.title = title});
}

}  // namespace weir
