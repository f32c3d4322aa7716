#include "compare/statistics/smallest_difference.h"

#include <cmath>

#include "compare/statistics/student_t.h"

namespace weir {
namespace {

// The largest p up to alpha that comes in steps of smallest_p; 0: there is none. Both are ratios of
// whole numbers: 2 / 40 must not count as above 0.05.
double reachable_level(double smallest_p, double alpha) {
  constexpr double kRounding = 1e-12;
  return std::floor(alpha * (1 + kRounding) / smallest_p) * smallest_p;
}

double quantiles(double df, double level, double power) {
  return student_t_quantile(1 - level / 2, df) + student_t_quantile(power, df);
}

}  // namespace

std::optional<double> smallest_difference(const SampleSummary& a, const SampleSummary& b,
                                          double smallest_p, const DetectionOptions& options) {
  const double df = a.count + b.count - 2, level = reachable_level(smallest_p, options.alpha);
  if (df < 1 || level == 0) return std::nullopt;
  const double variance =
      ((a.count - 1) * a.deviation * a.deviation + (b.count - 1) * b.deviation * b.deviation) / df;
  return quantiles(df, level, options.power) *
         std::sqrt(variance * (1.0 / a.count + 1.0 / b.count));
}

std::optional<double> smallest_paired_difference(const SampleSummary& differences,
                                                 double smallest_p,
                                                 const DetectionOptions& options) {
  const double df = differences.count - 1, level = reachable_level(smallest_p, options.alpha);
  if (df < 1 || level == 0) return std::nullopt;
  return quantiles(df, level, options.power) * differences.deviation / std::sqrt(differences.count);
}

}  // namespace weir
