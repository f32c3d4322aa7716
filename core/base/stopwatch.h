// Seconds on the wall clock.
#pragma once

#include <chrono>

namespace weir {

// Runs from its construction on.
class Stopwatch {
 public:
  double seconds() const { return seconds_until(Clock::now()); }
  // The seconds until now, from which it counts anew.
  double restart() {
    const Clock::time_point now = Clock::now();
    const double passed = seconds_until(now);
    start_ = now;
    return passed;
  }

 private:
  using Clock = std::chrono::steady_clock;
  double seconds_until(Clock::time_point now) const {
    return std::chrono::duration<double>(now - start_).count();
  }

  Clock::time_point start_ = Clock::now();
};

}  // namespace weir
