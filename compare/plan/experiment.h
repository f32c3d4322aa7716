// From a plan to the nets that are trained: every variant at every point of the grid, with a whole
// configuration each.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "compare/plan/net_cost.h"
#include "compare/plan/plan.h"
#include "train/config/load.h"

namespace weir {

// A value of tune.key that is tried.
struct Candidate {
  std::string value;
  std::string folder;  // of its trials, below the cell's tune/: "optimizer.lr-0.05"
  Config config;       // of the runs, if it is chosen
  Config trial;        // of the trials: few epochs, the test pictures are not looked at
};

// One variant at one point of the grid.
struct Cell {
  std::string variant;
  std::vector<std::pair<std::string, std::string>> point;  // key and value of each axis
  std::string folder;                 // below the comparison's: "strided/data.limit-5000"
  Config config;                      // of its runs, the seed aside; without tuning
  std::vector<Candidate> candidates;  // with tuning
  NetCost cost;

  // "strided", "strided data.limit 5000"
  std::string str() const;
};

struct Experiment {
  ComparisonPlan plan;
  std::vector<Override> overrides;  // of the command line
  std::filesystem::path folder;     // <output.dir>/<name of the comparison>
  std::vector<Cell> cells;          // point by point, and at each the variants in their order

  size_t points() const { return cells.size() / plan.variants.size(); }
  const Cell& cell(size_t point, const std::string& variant) const;
};

// Overrides hold for every net and win over the plan. Throws ConfigErrors with everything that is
// wrong with any net: unknown keys and values, keys that two places set (compare/plan/conflicts.h),
// networks that cannot be built, variants, points or tuned values that do not differ, pairs that
// are not equal in what they say they are.
Experiment make_experiment(ComparisonPlan plan, const std::vector<Override>& overrides = {});

// Costs of a pair that is equal in something may lie this far apart: channels are whole numbers.
inline constexpr double kEqualWithin = 0.05;

}  // namespace weir
