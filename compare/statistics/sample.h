// What is said about a few measurements of the same thing: mean, spread, interval.
#pragma once

#include <optional>
#include <span>

namespace weir {

struct Interval {
  double low = 0, high = 0;
};

struct SampleSummary {
  int count = 0;
  double mean = 0;
  double deviation = 0;  // standard deviation with n - 1; 0 for one value
  double smallest = 0, largest = 0;
  std::optional<Interval> interval;  // of the mean; none for one value
};

// The interval holds the true mean with probability `confidence` when the values scatter normally:
// mean -+ t(1 - (1 - confidence) / 2, n - 1) * deviation / sqrt(n). Throws kUsage for no values.
SampleSummary summarize_sample(std::span<const double> values, double confidence = 0.95);

// The same for mean(a) - mean(b) of independent samples whose deviations may differ (B. L. Welch,
// Biometrika 34, 1947): t with (va + vb)^2 / (va^2 / (na - 1) + vb^2 / (nb - 1)) degrees of
// freedom, v = deviation^2 / n. None when a sample has one value.
std::optional<Interval> interval_of_difference(const SampleSummary& a, const SampleSummary& b,
                                               double confidence = 0.95);

}  // namespace weir
