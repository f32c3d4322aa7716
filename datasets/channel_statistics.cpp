#include "datasets/channel_statistics.h"

#include <cmath>

#include "core/runtime/parallel.h"

namespace weir {
namespace {

// Sum of value(byte) over a channel, an integer: exact in a double below 2^53, in any order.
template <class Value>
double channel_sum(const Images& images, int channel, Value value) {
  const auto plane = static_cast<size_t>(images.height) * static_cast<size_t>(images.width);
  return parallel_sum(images.count(), [&](int64_t begin, int64_t end) {
    int64_t sum = 0;
    for (int64_t i = begin; i < end; ++i) {
      const auto picture = images.image(static_cast<int>(i));
      for (const uint8_t byte : picture.subspan(static_cast<size_t>(channel) * plane, plane)) {
        sum += value(byte);
      }
    }
    return static_cast<double>(sum);
  });
}

}  // namespace

ChannelStatistics channel_statistics(const Images& images) {
  const double values = static_cast<double>(images.count()) * images.height * images.width;
  ChannelStatistics statistics;
  for (int c = 0; c < images.channels; ++c) {
    const double sum = channel_sum(images, c, [](uint8_t x) { return int{x}; });
    const double squares = channel_sum(images, c, [](uint8_t x) { return x * x; });
    const double mean = sum / values;
    // Exactly zero for a channel of one value: then squares * values equals sum * sum.
    const double variance = (squares - sum * mean) / values;
    const double deviation = variance > 0 ? std::sqrt(variance) / 255 : 1.0;
    statistics.mean.push_back(static_cast<float>(mean / 255));
    statistics.std.push_back(static_cast<float>(deviation));
  }
  return statistics;
}

}  // namespace weir
