#include "compare/report/pair_test.h"

#include <fmt/core.h>

#include "compare/statistics/smallest_difference.h"

namespace weir {
namespace {

std::vector<double> accuracies(const CellResult& cell) {
  std::vector<double> values;
  for (const RunRecord& run : cell.runs) values.push_back(run.test_acc);
  return values;
}

bool is_unbroken(const CellResult& cell) { return cell.restarts == 0 && cell.given_up.empty(); }

// Of the seeds that both were trained with.
struct Pairs {
  std::vector<double> a, b, differences;
};

Pairs pairs_by_seed(const CellResult& a, const CellResult& b) {
  Pairs pairs;
  for (const RunRecord& run : a.runs) {
    for (const RunRecord& other : b.runs) {
      if (run.trained_seed != other.trained_seed) continue;
      pairs.a.push_back(run.test_acc);
      pairs.b.push_back(other.test_acc);
      pairs.differences.push_back(run.test_acc - other.test_acc);
    }
  }
  return pairs;
}

struct Method {
  bool is_paired = false;
  std::string reason;
};

Method choose_method(const CellResult& a, const CellResult& b, const PlanTest& test,
                     double first_alpha) {
  const int pairs = static_cast<int>(pairs_by_seed(a, b).differences.size());
  if (test.method == "unpaired") return {false, "test.method is unpaired"};
  if (test.method == "paired") {
    if (pairs > 1) return {true, "test.method is paired"};
    return {false, "fewer than two seeds are shared, so nothing can be paired"};
  }
  if (!is_unbroken(a) || !is_unbroken(b)) {
    return {false, "a run was restarted or given up, so not every seed is shared"};
  }
  const double least = smallest_paired_p(pairs);
  if (!is_at_most(least, first_alpha)) {
    return {false, fmt::format("{} pair{} cannot give a p below {:.2g}, and {:.2g} is needed",
                               pairs, pairs == 1 ? "" : "s", least, first_alpha)};
  }
  return {true, "nets of one seed share split, order and augmentation"};
}

void test_unpaired(const CellResult& a, const CellResult& b, const DetectionOptions& detection,
                   PairResult& result) {
  result.sample_a = *a.test_acc;
  result.sample_b = *b.test_acc;
  result.test = permutation_test(accuracies(a), accuracies(b));
  result.difference = result.sample_a.mean - result.sample_b.mean;
  result.interval = interval_of_difference(result.sample_a, result.sample_b);
  result.smallest_difference =
      smallest_difference(result.sample_a, result.sample_b, result.test.smallest_p, detection);
}

void test_paired(const CellResult& a, const CellResult& b, const DetectionOptions& detection,
                 PairResult& result) {
  const Pairs pairs = pairs_by_seed(a, b);
  result.sample_a = summarize_sample(pairs.a);
  result.sample_b = summarize_sample(pairs.b);
  const SampleSummary summary = summarize_sample(pairs.differences);
  result.test = paired_permutation_test(pairs.differences);
  result.difference = summary.mean;
  result.interval = summary.interval;
  result.smallest_difference =
      smallest_paired_difference(summary, result.test.smallest_p, detection);
}

}  // namespace

bool is_at_most(double p, double alpha) {
  constexpr double kRounding = 1e-9;
  return p <= alpha * (1 + kRounding);
}

void test_pair(const CellResult& a, const CellResult& b, const PlanTest& test, double first_alpha,
               PairResult& result) {
  const int missing = a.missing + b.missing;
  if (missing > 0) {
    result.reason = missing == 1 ? "1 run is missing" : fmt::format("{} runs are missing", missing);
    return;
  }
  if (a.runs.empty() || b.runs.empty()) {
    result.reason = "every run of one of them was given up";
    return;
  }
  const Method method = choose_method(a, b, test, first_alpha);
  const DetectionOptions detection{.alpha = first_alpha, .power = test.power};
  result.is_tested = true;
  result.is_paired = method.is_paired;
  result.reason = method.reason;
  (method.is_paired ? test_paired : test_unpaired)(a, b, detection, result);
}

}  // namespace weir
