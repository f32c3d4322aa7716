#include "compare/run/time_left.h"

#include <algorithm>

namespace weir {

TimeLeft::TimeLeft(const std::vector<EpochCost>& costs, int jobs) : jobs_(jobs) {
  for (const EpochCost& cost : costs) {
    kinds_.push_back({.cost = cost.run});
    kinds_.push_back({.cost = cost.trial});
  }
}

TimeLeft::Epochs& TimeLeft::of(const EpochKind& kind) {
  return kinds_[2 * kind.cell + (kind.trial ? 1 : 0)];
}

void TimeLeft::expect(const EpochKind& kind, int epochs) { of(kind).to_come += epochs; }

void TimeLeft::measure(const EpochKind& kind, double seconds) {
  Epochs& epochs = of(kind);
  ++epochs.seen;
  epochs.seen_seconds += seconds;
}

std::optional<double> TimeLeft::seconds() const {
  double seen_seconds = 0, seen_cost = 0;
  for (const Epochs& epochs : kinds_) {
    seen_seconds += epochs.seen_seconds;
    seen_cost += epochs.cost * epochs.seen;
  }
  if (seen_cost <= 0) return std::nullopt;
  double left = 0;
  for (const Epochs& epochs : kinds_) {
    const double one = epochs.seen > 0 ? epochs.seen_seconds / epochs.seen
                                       : epochs.cost * seen_seconds / seen_cost;
    left += one * std::max(0, epochs.to_come);
  }
  return left / jobs_;
}

}  // namespace weir
