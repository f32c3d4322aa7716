// What the runs of an experiment say, as numbers: everything that tables, files and pages show.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compare/report/run_record.h"
#include "compare/run/tuning.h"
#include "compare/statistics/permutation_test.h"
#include "compare/statistics/sample.h"

namespace weir {

// A run whose every attempt failed.
struct GivenUpRun {
  uint64_t seed = 0;
  std::vector<FailedAttempt> failures;
};

struct CellResult {
  size_t cell = 0;  // of Experiment::cells
  Tuned tuned;      // empty without tuning
  std::vector<RunRecord> runs;
  std::vector<GivenUpRun> given_up;
  int missing = 0;   // planned, and neither complete nor given up
  int restarts = 0;  // attempts that were followed by another one
  // Over `runs`; none without any. Accuracies are 0 to 1.
  std::optional<SampleSummary> test_acc, val_acc, shift_consistency, seconds, img_per_s,
      peak_rss_mb;

  // Fills `restarts` and the summaries from `runs` and `given_up`.
  void summarize();
};

struct PairResult {
  PlanPair pair;
  size_t a = 0, b = 0;  // of Comparison::cells
  // None of the rest holds when it was not tested; `reason` says why.
  bool is_tested = false;
  bool is_paired = false;
  std::string reason;                // why it is paired or not
  SampleSummary sample_a, sample_b;  // test accuracies; if paired, those of shared seeds only
  double difference = 0;             // mean test accuracy of a minus that of b
  std::optional<Interval> interval;  // of the difference, 95%
  PermutationResult test;
  double p_adjusted = 1;  // after Holm, over all pairs of the comparison
  bool is_shown = false;  // p_adjusted <= alpha
  // A true difference of this size would be shown with probability test.power; none when these
  // seeds cannot show any.
  std::optional<double> smallest_difference;
};

struct Comparison {
  Experiment experiment;
  std::vector<CellResult> cells;  // one for each of the experiment's
  std::vector<PairResult> pairs;  // point by point
  double first_alpha = 0.05;      // alpha over the number of pairs: what one alone would need
  int runs_planned = 0, runs_complete = 0, runs_given_up = 0, restarts = 0;

  bool is_whole() const { return runs_complete + runs_given_up == runs_planned; }
  const Cell& cell_of(const CellResult& result) const { return experiment.cells[result.cell]; }
  // As its runs measured it, or before there are any, for pictures of ten classes.
  NetCost cost_of(const CellResult& result) const;
  // The configuration of the cell's runs; none while its tuning is not complete.
  const Config* config_of(const CellResult& result) const;
};

// Reads every run folder and analyses what is there. Pairs are tested when none of their runs is
// missing. Throws kData for a damaged run, and for runs of one point that saw different pictures.
Comparison read_comparison(const Experiment& experiment);

}  // namespace weir
