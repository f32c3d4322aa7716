#include "datasets/ticks.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

namespace weir {
namespace {

constexpr double kSlack = 1e-9;  // of a step: a bound that is a tick but for rounding is that tick

// The ticks around [low, high] with this step.
Ticks enclose(double low, double high, double step) {
  const double first = std::floor(low / step + kSlack), last = std::ceil(high / step - kSlack);
  const double intervals = std::max(last - first, 1.0);
  return {.first = first * step, .step = step, .count = static_cast<int>(intervals) + 1};
}

}  // namespace

std::string Ticks::text(int i) const {
  const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + kSlack)));
  const double shown = value(i);
  return fmt::format("{:.{}f}", std::abs(shown) < step / 2 ? 0.0 : shown, decimals);
}

Ticks nice_ticks(double low, double high, int most, bool whole) {
  const double range = std::max(high - low, 1e-6 * std::max({std::abs(low), std::abs(high), 1e-6}));
  double power = std::pow(10, std::floor(std::log10(range / most)));
  if (whole) power = std::max(power, 1.0);
  for (;; power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const Ticks ticks = enclose(low, high, factor * power);
      if (ticks.count - 1 <= most) return ticks;
    }
  }
}

}  // namespace weir
