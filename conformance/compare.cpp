#include "conformance/compare.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/tensor/bfloat16.h"

namespace weir {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool same_bits(float a, float b) {
  return std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b);
}

float through_bfloat16(double value) { return to_float(to_bfloat16(static_cast<float>(value))); }

double error_of_bfloat16(float found, float expected, const Tolerance& tolerance) {
  if (tolerance.exact()) return same_bits(found, through_bfloat16(expected)) ? 0 : kInfinity;
  const double allowed = tolerance.absolute(DType::kBF16);
  const double low = through_bfloat16(expected - allowed);
  const double high = through_bfloat16(expected + allowed);
  if (found >= low && found <= high) return 0;
  return 1 + (found < low ? low - found : found - high) / allowed;
}

}  // namespace

double error_of(float found, float expected, const Tolerance& tolerance, const Stored& stored) {
  if (std::isnan(expected) || std::isnan(found)) {
    return std::isnan(expected) && std::isnan(found) ? 0 : kInfinity;
  }
  if (std::isinf(expected)) return found == expected ? 0 : kInfinity;
  if (stored.as_bfloat16()) return error_of_bfloat16(found, expected, tolerance);
  if (same_bits(found, expected)) return 0;
  if (tolerance.exact()) return kInfinity;
  const double distance = std::abs(double{found} - double{expected});
  return distance == 0 ? 0 : distance / tolerance.absolute(stored.images);
}

WorstError worst_error(const std::vector<float>& found, const Expectation& expected,
                       const Stored& stored) {
  WorstError worst;
  for (size_t i = 0; i < found.size(); ++i) {
    if (std::binary_search(expected.undefined.begin(), expected.undefined.end(), i)) continue;
    const double error = error_of(found[i], expected.tensor.values[i], expected.tolerance, stored);
    if (error > worst.error) worst = {error, i};
  }
  return worst;
}

bool fits_bfloat16(const CaseTensor& tensor) {
  return std::all_of(tensor.values.begin(), tensor.values.end(), [](float value) {
    return std::isnan(value) || same_bits(value, through_bfloat16(value));
  });
}

}  // namespace weir
