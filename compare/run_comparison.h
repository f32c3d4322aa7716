// A whole comparison: trials, trainings, analysis, files.
//
//   const Experiment experiment = make_experiment(read_plan("configs/compare/vgg_exercise.yaml"));
//   ComparisonObserver quiet;
//   const ComparisonOutcome outcome =
//       run_comparison(experiment, {.runner = {.job = {.program = {"weir"}}}}, quiet);
//   for (const std::string& line : answer_lines(*outcome.comparison)) puts(line.c_str());
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compare/observer.h"
#include "compare/report/comparison.h"
#include "compare/run/runner.h"

namespace weir {

struct ComparisonOptions {
  RunnerOptions runner;           // its after_run is set here
  std::vector<std::string> only;  // variants to train now; empty: all
};

struct ComparisonOutcome {
  bool interrupted = false;
  std::optional<Comparison> comparison;  // none when interrupted
};

// Goes on where an earlier one stopped. Every training is a program of its own, so the number of
// jobs changes no result. The report (compare/report/report_files.h) is written after every run, so
// that one of what is there is found whatever ends the comparison. Throws Error: kUsage when a run
// in the folder was trained otherwise, when another comparison is at work there, or for an unknown
// variant; kTraining when no value of tune.key trains; and what a training itself throws, such as
// kData.
ComparisonOutcome run_comparison(const Experiment& experiment, ComparisonOptions options,
                                 ComparisonObserver& observer);

}  // namespace weir
