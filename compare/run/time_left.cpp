#include "compare/run/time_left.h"

#include <algorithm>

namespace weir {

TimeLeft::TimeLeft(std::vector<double> weights, int jobs) : jobs_(jobs) {
  for (const double weight : weights) cells_.push_back({.weight = weight});
}

void TimeLeft::expect(size_t cell, int epochs) { cells_[cell].to_come += epochs; }

void TimeLeft::measure(size_t cell, double seconds) {
  ++cells_[cell].seen;
  cells_[cell].seen_seconds += seconds;
}

std::optional<double> TimeLeft::seconds() const {
  double seen_seconds = 0, seen_weight = 0;
  for (const Cell& cell : cells_) {
    seen_seconds += cell.seen_seconds;
    seen_weight += cell.weight * cell.seen;
  }
  if (seen_weight <= 0) return std::nullopt;
  double left = 0;
  for (const Cell& cell : cells_) {
    const double epoch =
        cell.seen > 0 ? cell.seen_seconds / cell.seen : cell.weight * seen_seconds / seen_weight;
    left += epoch * std::max(0, cell.to_come);
  }
  return left / jobs_;
}

}  // namespace weir
