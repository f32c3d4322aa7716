#include "datasets/gcn.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace weir {

ByteMap gcn_map(std::span<const uint8_t> picture, float scale, float min_divisor) {
  // A sum of integers is exact, so the mean of a picture of one value is that value, not a rounding
  // error away from it that min_divisor would blow up.
  const int64_t sum = std::accumulate(picture.begin(), picture.end(), int64_t{0});
  const double mean = static_cast<double>(sum) / static_cast<double>(picture.size());
  double squares = 0;
  for (const uint8_t byte : picture) squares += (byte - mean) * (byte - mean);
  return {.shift = static_cast<float>(mean),
          .scale = scale / std::max(static_cast<float>(std::sqrt(squares)), min_divisor)};
}

}  // namespace weir
