#include "compare/statistics/student_t.h"

#include <cmath>

#include "core/base/error.h"

namespace weir {
namespace {

// The continued fraction of the incomplete beta function, by the modified method of Lentz
// (W. J. Lentz, Applied Optics 15, 1976): a front part is kept, and each term corrects it.
double beta_fraction(double x, double a, double b) {
  constexpr double kTiny = 1e-300, kEnough = 1e-15;
  constexpr int kMostTerms = 1000;
  const auto not_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1)), value = d;
  for (int m = 1; m <= kMostTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / not_zero(1 + even * d);
    c = not_zero(1 + even / c);
    value *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / not_zero(1 + odd * d);
    c = not_zero(1 + odd / c);
    value *= d * c;
    if (std::abs(d * c - 1) < kEnough) break;
  }
  return value;
}

// The regularised incomplete beta function I_x(a, b) for 0 < x < 1.
double incomplete_beta(double x, double a, double b) {
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  // The fraction converges fast on this side only; the other follows from I_x(a, b) = 1 - I_{1-x}.
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(1 - x, b, a) / b;
}

}  // namespace

double student_t_cdf(double t, double df) {
  require(df > 0, "expected more than 0 degrees of freedom, got {}", df);
  if (t == 0) return 0.5;
  const double x = df / (df + t * t);
  const double tail = x <= 0 ? 0 : 0.5 * incomplete_beta(x, df / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

double student_t_quantile(double p, double df) {
  require(p > 0 && p < 1, "expected a probability between 0 and 1, got {}", p);
  require(df > 0, "expected more than 0 degrees of freedom, got {}", df);
  if (p < 0.5) return -student_t_quantile(1 - p, df);
  double low = 0, high = 1;
  while (student_t_cdf(high, df) < p && high < 1e300) high *= 2;
  constexpr int kHalvings = 200;  // more than a double has bits
  for (int i = 0; i < kHalvings && low < high; ++i) {
    const double middle = low + (high - low) / 2;
    if (middle == low || middle == high) break;
    (student_t_cdf(middle, df) < p ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

}  // namespace weir
