#include "core/runtime/philox.h"

#include <cmath>
#include <numbers>

namespace weir {

float Philox::normal() {
  const double radius_uniform = 1.0 - uniform();  // (0, 1]: the logarithm stays finite
  const double angle = 2.0 * std::numbers::pi * uniform();
  return static_cast<float>(std::sqrt(-2.0 * std::log(radius_uniform)) * std::cos(angle));
}

}  // namespace weir
