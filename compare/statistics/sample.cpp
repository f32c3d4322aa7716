#include "compare/statistics/sample.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "compare/statistics/student_t.h"
#include "core/base/error.h"

namespace weir {
namespace {

double deviation_of(std::span<const double> values, double mean) {
  if (values.size() < 2) return 0;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

Interval around(double middle, double reach) { return {middle - reach, middle + reach}; }

double quantile_for(double confidence, double df) {
  return student_t_quantile(1 - (1 - confidence) / 2, df);
}

}  // namespace

SampleSummary summarize_sample(std::span<const double> values, double confidence) {
  require(!values.empty(), "expected at least one value");
  const auto n = static_cast<double>(values.size());
  SampleSummary summary{.count = static_cast<int>(values.size()),
                        .mean = std::accumulate(values.begin(), values.end(), 0.0) / n,
                        .smallest = *std::min_element(values.begin(), values.end()),
                        .largest = *std::max_element(values.begin(), values.end())};
  summary.deviation = deviation_of(values, summary.mean);
  if (values.size() > 1) {
    summary.interval =
        around(summary.mean, quantile_for(confidence, n - 1) * summary.deviation / std::sqrt(n));
  }
  return summary;
}

std::optional<Interval> interval_of_difference(const SampleSummary& a, const SampleSummary& b,
                                               double confidence) {
  if (a.count < 2 || b.count < 2) return std::nullopt;
  const double va = a.deviation * a.deviation / a.count, vb = b.deviation * b.deviation / b.count;
  const double difference = a.mean - b.mean;
  if (va + vb == 0) return around(difference, 0);
  const double df = (va + vb) * (va + vb) / (va * va / (a.count - 1) + vb * vb / (b.count - 1));
  return around(difference, quantile_for(confidence, df) * std::sqrt(va + vb));
}

}  // namespace weir
