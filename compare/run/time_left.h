// How long the rest of a comparison takes, from the epochs seen so far.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace weir {

// Epochs that cost the same: those of the runs of a cell, or those of its trials.
struct EpochKind {
  size_t cell = 0;
  bool trial = false;
};

// What an epoch of each kind costs beside the others, such as its multiply-adds.
struct EpochCost {
  double run = 1, trial = 1;
};

class TimeLeft {
 public:
  // `costs`: of each cell. `jobs`: trainings at the same time.
  TimeLeft(const std::vector<EpochCost>& costs, int jobs);

  // So many epochs are still to come; a negative number takes some back.
  void expect(const EpochKind& kind, int epochs);
  // One epoch took so long. The expected ones do not change.
  void measure(const EpochKind& kind, double seconds);

  // Kinds that were not seen yet take what the others do, by cost. None before the first epoch.
  std::optional<double> seconds() const;

 private:
  struct Epochs {
    double cost = 1;
    int to_come = 0, seen = 0;
    double seen_seconds = 0;
  };
  Epochs& of(const EpochKind& kind);

  std::vector<Epochs> kinds_;  // of each cell its runs, then its trials
  int jobs_;
};

}  // namespace weir
