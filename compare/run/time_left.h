// How long the rest of a comparison takes, from the epochs seen so far.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace weir {

class TimeLeft {
 public:
  // `weights`: the cost of an epoch of each cell beside the others, such as its multiply-adds.
  // `jobs`: trainings at the same time.
  TimeLeft(std::vector<double> weights, int jobs);

  // So many epochs of a cell are still to come; a negative number takes some back.
  void expect(size_t cell, int epochs);
  // One epoch took so long. The expected ones do not change.
  void measure(size_t cell, double seconds);

  // Cells that were not seen yet cost what the others do, by weight. None before the first epoch.
  std::optional<double> seconds() const;

 private:
  struct Cell {
    double weight = 1;
    int to_come = 0, seen = 0;
    double seen_seconds = 0;
  };
  std::vector<Cell> cells_;
  int jobs_;
};

}  // namespace weir
