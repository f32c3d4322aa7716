// Which value each cell's trials speak for. Trials are short, and decided on validation pictures
// alone: a trial never looks at the test pictures (train.test: false).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compare/plan/experiment.h"

namespace weir {

struct CandidateScore {
  std::string value;
  std::optional<double> val_acc;  // mean over the trials' best epochs; none when one failed
};

struct Tuned {
  std::vector<CandidateScore> scores;  // of the cell's candidates, in their order
  // The candidate with the highest accuracy, of equal ones the first. None while trials are
  // missing, and when all have failed.
  std::optional<size_t> chosen;
  bool complete = false;
};

// From the run folders, one for each cell; empty without tuning. Throws kData for a damaged one.
std::vector<Tuned> read_tuning(const Experiment& experiment);

}  // namespace weir
