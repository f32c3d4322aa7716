// Is one variant better than the other?
#pragma once

#include "compare/report/comparison.h"

namespace weir {

// Fills what `result` says about test accuracies, up to the correction for many pairs.
//
// Paired by seed: a seed fixes the validation split, the order of the pictures and their
// augmentation, so two nets of one seed share that luck, and the test of their differences is free
// of it. It needs many pairs to show anything: 5 cannot give a p below 2 / 2^5 = 0.0625. So
// test.method auto takes pairs where their smallest p reaches `first_alpha`, and else the unpaired
// test, which may ignore the pairing: where the shared luck matters, it only makes it more careful.
// Whether that is so depends on the number of runs alone, never on their results. After a restart
// the seeds of a pair are no longer the same, and auto does not pair.
void test_pair(const CellResult& a, const CellResult& b, const PlanTest& test, double first_alpha,
               PairResult& result);

// For p values, which are ratios: 5 / 100 is at most 0.05 whatever the last bits say.
bool is_at_most(double p, double alpha);

}  // namespace weir
