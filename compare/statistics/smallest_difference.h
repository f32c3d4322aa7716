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
//   (t(1 - level / 2, df) + t(power, df)) * s * sqrt(1 / na + 1 / nb),  df = na + nb - 2,
// where s is the deviation of both samples together and level the largest p up to alpha that the
// test can give: p comes in steps of smallest_p, the smallest one for these sizes. An
// approximation: of the power of the t test at that level, which that of the permutation test
// follows closely when many ways are within alpha. With one way only, it shows such a difference
// less often: a power of 0.8 is about 0.7 then. None when smallest_p is above alpha: no difference
// can be shown, however large.
std::optional<double> smallest_difference(const SampleSummary& a, const SampleSummary& b,
                                          double smallest_p, const DetectionOptions& options);

// The same for pairs: (t(1 - level / 2, n - 1) + t(power, n - 1)) * s / sqrt(n), s the deviation of
// the differences.
std::optional<double> smallest_paired_difference(const SampleSummary& differences,
                                                 double smallest_p,
                                                 const DetectionOptions& options);

}  // namespace weir
