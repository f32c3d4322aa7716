// How large must a true difference be, so that this many measurements would show it? Without this
// number, "no difference shown" says nothing.
#pragma once

#include <optional>

#include "compare/statistics/sample.h"

namespace weir {

struct DetectionOptions {
  double alpha = 0.05;  // the level of one test: after correction for m tests, alpha / m
  double power = 0.8;   // the probability with which it is to be shown
};

// The true difference of means that a test at this level shows with this probability:
//   (t(1 - alpha / 2, df) + t(power, df)) * s * sqrt(1 / na + 1 / nb),  df = na + nb - 2,
// where s is the deviation of both samples together. An approximation: of the power of the t test,
// which that of the permutation test follows closely. None when smallest_p, the smallest p the test
// can give for these sizes, is above alpha: then no difference can be shown, however large.
std::optional<double> smallest_difference(const SampleSummary& a, const SampleSummary& b,
                                          double smallest_p, const DetectionOptions& options);

// The same for pairs: (t(1 - alpha / 2, n - 1) + t(power, n - 1)) * s / sqrt(n), s the deviation of
// the differences.
std::optional<double> smallest_paired_difference(const SampleSummary& differences,
                                                 double smallest_p,
                                                 const DetectionOptions& options);

}  // namespace weir
