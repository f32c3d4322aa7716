// Is the difference between two samples more than chance? Permutation tests (R. A. Fisher, "The
// Design of Experiments", 1935): if the two were the same, every way of handing out the measured
// values would have been as likely; p is the share of ways that give a difference of means at least
// as large, in either direction. Nothing is assumed about how values scatter.
#pragma once

#include <cstdint>
#include <span>

namespace weir {

struct PermutationOptions {
  // All ways are counted up to so many; beyond, `draws` of them are drawn.
  int64_t most_exact = int64_t{1} << 20;
  int64_t draws = 99'999;
  uint64_t seed = 1;  // of the draws
};

struct PermutationResult {
  double p = 1;
  bool exact = true;
  int64_t ways = 1;       // counted or drawn
  double smallest_p = 1;  // that samples of these sizes can give at all
};

// Independent samples: the values are handed out to groups of the same sizes again, C(na + nb, na)
// ways. With draws p = (1 + hits) / (1 + draws), which never is 0. Throws kUsage for an empty
// sample.
PermutationResult permutation_test(std::span<const double> a, std::span<const double> b,
                                   const PermutationOptions& options = {});

// Pairs, as differences a - b: in each pair the two may be exchanged, which flips the sign, 2^n
// ways.
PermutationResult paired_permutation_test(std::span<const double> differences,
                                          const PermutationOptions& options = {});

// What smallest_p would be, before anything is measured.
double smallest_unpaired_p(int na, int nb, const PermutationOptions& options = {});
double smallest_paired_p(int pairs, const PermutationOptions& options = {});

}  // namespace weir
