#include "compare/statistics/permutation_test.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/base/error.h"
#include "core/runtime/philox.h"

namespace weir {
namespace {

// The same sum in another order may differ in its last bits and must still count as equal.
constexpr double kRounding = 1e-9;

double slack(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return kRounding * largest * static_cast<double>(values.size());
}

// C(n, k), exact while it is below 2^53.
double ways_to_choose(int n, int k) {
  double ways = 1;
  for (int i = 1; i <= std::min(k, n - k); ++i) ways = std::round(ways * (n - i + 1) / i);
  return ways;
}

double ways_to_flip(int pairs) { return std::ldexp(1.0, pairs); }

double smallest_p(double ways, bool both_directions, const PermutationOptions& options) {
  if (ways > static_cast<double>(options.most_exact)) {
    return 1 / (1 + static_cast<double>(options.draws));
  }
  return std::min(1.0, (both_directions ? 2 : 1) / ways);
}

// Counts how often a group of `size` among the pooled values has a mean as far away.
class GroupCount {
 public:
  GroupCount(std::span<const double> a, std::span<const double> b) : size_(a.size()) {
    pooled_.assign(a.begin(), a.end());
    pooled_.insert(pooled_.end(), b.begin(), b.end());
    total_ = std::accumulate(pooled_.begin(), pooled_.end(), 0.0);
    bound_ = far(std::accumulate(a.begin(), a.end(), 0.0)) - slack(pooled_);
  }

  // Every choice of the group, value by value.
  int64_t hits_of_all() const { return hits_from(0, size_, 0); }

  int64_t hits_of_draws(const PermutationOptions& options) const {
    int64_t hits = 0;
    for (int64_t draw = 0; draw < options.draws; ++draw) {
      const std::vector<int> order =
          permutation(static_cast<int>(pooled_.size()),
                      Philox(options.seed, Purpose::kShuffle, static_cast<uint32_t>(draw), 1));
      double sum = 0;
      for (size_t i = 0; i < size_; ++i) sum += pooled_[static_cast<size_t>(order[i])];
      hits += far(sum) >= bound_;
    }
    return hits;
  }

 private:
  // |mean of the group - mean of the others|, times both sizes: no division, fewer roundings.
  double far(double sum) const {
    const auto na = static_cast<double>(size_), nb = static_cast<double>(pooled_.size() - size_);
    return std::abs(sum * nb - (total_ - sum) * na);
  }

  int64_t hits_from(size_t next, size_t missing, double sum) const {
    if (missing == 0) return far(sum) >= bound_;
    int64_t hits = 0;
    for (size_t i = next; i + missing <= pooled_.size(); ++i) {
      hits += hits_from(i + 1, missing - 1, sum + pooled_[i]);
    }
    return hits;
  }

  size_t size_;
  std::vector<double> pooled_;
  double total_ = 0, bound_ = 0;
};

// Bit i of `flips`: the sign of difference i is changed.
double flipped_sum(std::span<const double> differences, const std::vector<bool>& flips) {
  double sum = 0;
  for (size_t i = 0; i < differences.size(); ++i)
    sum += flips[i] ? -differences[i] : differences[i];
  return std::abs(sum);
}

double pair_bound(std::span<const double> differences) {
  return std::abs(std::accumulate(differences.begin(), differences.end(), 0.0)) -
         slack(differences);
}

int64_t hits_of_all_flips(std::span<const double> differences) {
  const double bound = pair_bound(differences);
  int64_t hits = 0;
  std::vector<bool> flips(differences.size());
  for (int64_t way = 0; way < int64_t{1} << differences.size(); ++way) {
    for (size_t i = 0; i < flips.size(); ++i) flips[i] = (way >> i & 1) != 0;
    hits += flipped_sum(differences, flips) >= bound;
  }
  return hits;
}

int64_t hits_of_drawn_flips(std::span<const double> differences,
                            const PermutationOptions& options) {
  const double bound = pair_bound(differences);
  int64_t hits = 0;
  std::vector<bool> flips(differences.size());
  for (int64_t draw = 0; draw < options.draws; ++draw) {
    Philox random(options.seed, Purpose::kShuffle, static_cast<uint32_t>(draw), 2);
    for (size_t i = 0; i < flips.size(); ++i) flips[i] = random.below(2) == 1;
    hits += flipped_sum(differences, flips) >= bound;
  }
  return hits;
}

PermutationResult counted(int64_t hits, double ways, double smallest) {
  return {.p = static_cast<double>(hits) / ways,
          .exact = true,
          .ways = static_cast<int64_t>(ways),
          .smallest_p = smallest};
}

PermutationResult drawn(int64_t hits, const PermutationOptions& options, double smallest) {
  return {.p = (1 + static_cast<double>(hits)) / (1 + static_cast<double>(options.draws)),
          .exact = false,
          .ways = options.draws,
          .smallest_p = smallest};
}

}  // namespace

double smallest_unpaired_p(int na, int nb, const PermutationOptions& options) {
  // Only groups of equal size can change places and give the same difference the other way round.
  return smallest_p(ways_to_choose(na + nb, na), na == nb, options);
}

double smallest_paired_p(int pairs, const PermutationOptions& options) {
  return smallest_p(ways_to_flip(pairs), true, options);
}

PermutationResult permutation_test(std::span<const double> a, std::span<const double> b,
                                   const PermutationOptions& options) {
  require(!a.empty() && !b.empty(), "expected two samples with at least one value each");
  const int na = static_cast<int>(a.size()), nb = static_cast<int>(b.size());
  const double ways = ways_to_choose(na + nb, na), least = smallest_unpaired_p(na, nb, options);
  const GroupCount count(a, b);
  if (ways > static_cast<double>(options.most_exact)) {
    return drawn(count.hits_of_draws(options), options, least);
  }
  return counted(count.hits_of_all(), ways, least);
}

PermutationResult paired_permutation_test(std::span<const double> differences,
                                          const PermutationOptions& options) {
  require(!differences.empty(), "expected at least one pair");
  const int pairs = static_cast<int>(differences.size());
  const double ways = ways_to_flip(pairs), least = smallest_paired_p(pairs, options);
  if (ways > static_cast<double>(options.most_exact)) {
    return drawn(hits_of_drawn_flips(differences, options), options, least);
  }
  return counted(hits_of_all_flips(differences), ways, least);
}

}  // namespace weir
