// Student's t distribution, for intervals from a handful of measurements.
#pragma once

namespace weir {

// P(T <= t) for `df` > 0 degrees of freedom, which need not be whole.
double student_t_cdf(double t, double df);

// The t with P(T <= t) = p, for p between 0 and 1. Throws kUsage for other p and for df <= 0.
double student_t_quantile(double p, double df);

}  // namespace weir
