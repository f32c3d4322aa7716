// Round numbers for the axes of charts.
#pragma once

#include <string>
#include <vector>

namespace weir {

// Evenly spaced round values: `step` is 1, 2 or 5 times a power of ten.
struct Ticks {
  double first = 0, step = 1;
  int count = 2;

  double value(int i) const { return first + i * step; }
  double last() const { return value(count - 1); }
  // With as many decimals as the step needs.
  std::string text(int i) const;
};

// Ticks that enclose [low, high] in at most `most` (>= 2) intervals; `whole`: a step of 1 or more.
Ticks nice_ticks(double low, double high, int most, bool whole = false);

}  // namespace weir
