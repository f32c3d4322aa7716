#include "compare/report/curves_picture.h"

#include <algorithm>
#include <map>

#include "datasets/plot.h"

namespace weir {
namespace {

constexpr size_t kCurvesInPanel = 6;

// The mean over the runs that have come as far as each epoch.
template <class Value>
Curve mean_curve(const std::string& label, const CellResult& cell, const Value& value) {
  std::map<int, std::pair<double, int>> sums;  // by epoch
  for (const RunRecord& run : cell.runs) {
    for (const EpochRow& row : run.curve) {
      auto& [sum, count] = sums[row.epoch];
      sum += value(row);
      ++count;
    }
  }
  Curve curve{.label = label, .x = {}, .y = {}};
  for (const auto& [epoch, sum_and_count] : sums) {
    curve.x.push_back(epoch);
    curve.y.push_back(sum_and_count.first / sum_and_count.second);
  }
  return curve;
}

double accuracy_of(const EpochRow& row) { return row.val_acc.value_or(row.train_acc); }
double loss_of(const EpochRow& row) { return row.train_loss; }

bool validates(const std::vector<const CellResult*>& cells) {
  return std::all_of(cells.begin(), cells.end(),
                     [](const CellResult* cell) { return cell->val_acc.has_value(); });
}

std::vector<const CellResult*> cells_with_runs(const Comparison& comparison, size_t point) {
  const size_t variants = comparison.experiment.plan.variants.size();
  std::vector<const CellResult*> cells;
  for (size_t i = point * variants; i < (point + 1) * variants; ++i) {
    if (!comparison.cells[i].runs.empty()) cells.push_back(&comparison.cells[i]);
  }
  return cells;
}

}  // namespace

Picture draw_mean_curves(const Comparison& comparison, size_t point) {
  const std::vector<const CellResult*> cells = cells_with_runs(comparison, point);
  const std::string accuracy = validates(cells) ? "validation accuracy" : "training accuracy";
  const auto name = [&](const CellResult* cell) { return comparison.cell_of(*cell).variant; };
  std::vector<Panel> panels;
  for (size_t i = 0; i < std::max<size_t>(cells.size(), 1); ++i) {
    if (i % kCurvesInPanel == 0) {
      panels.push_back(
          {.title = accuracy, .x_label = "epoch", .y_label = "share of pictures", .curves = {}});
    }
    if (i < cells.size()) {
      panels.back().curves.push_back(mean_curve(name(cells[i]), *cells[i], accuracy_of));
    }
  }
  if (cells.size() <= kCurvesInPanel) {
    Panel loss{
        .title = "training loss", .x_label = "epoch", .y_label = "cross-entropy", .curves = {}};
    for (const CellResult* cell : cells) {
      loss.curves.push_back(mean_curve(name(cell), *cell, loss_of));
    }
    panels.push_back(std::move(loss));
  }
  const Cell& first =
      comparison.experiment.cells[point * comparison.experiment.plan.variants.size()];
  std::string title = comparison.experiment.plan.name;
  for (const auto& [key, value] : first.point) title += "  " + key + " " + value;
  return plot_curves(panels, {.title = title + "  (means over seeds)"});
}

}  // namespace weir
