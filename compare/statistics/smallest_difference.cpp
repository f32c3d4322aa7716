#include "compare/statistics/smallest_difference.h"

#include <cmath>

#include "compare/statistics/student_t.h"

namespace weir {
namespace {

// p values are ratios of whole numbers: 2 / 40 must not count as above 0.05.
bool can_show(double smallest_p, double alpha) { return smallest_p <= alpha * (1 + 1e-12); }

double quantiles(double df, const DetectionOptions& options) {
  return student_t_quantile(1 - options.alpha / 2, df) + student_t_quantile(options.power, df);
}

}  // namespace

std::optional<double> smallest_difference(const SampleSummary& a, const SampleSummary& b,
                                          double smallest_p, const DetectionOptions& options) {
  const double df = a.count + b.count - 2;
  if (df < 1 || !can_show(smallest_p, options.alpha)) return std::nullopt;
  const double variance =
      ((a.count - 1) * a.deviation * a.deviation + (b.count - 1) * b.deviation * b.deviation) / df;
  return quantiles(df, options) * std::sqrt(variance * (1.0 / a.count + 1.0 / b.count));
}

std::optional<double> smallest_paired_difference(const SampleSummary& differences,
                                                 double smallest_p,
                                                 const DetectionOptions& options) {
  const double df = differences.count - 1;
  if (df < 1 || !can_show(smallest_p, options.alpha)) return std::nullopt;
  return quantiles(df, options) * differences.deviation / std::sqrt(differences.count);
}

}  // namespace weir
