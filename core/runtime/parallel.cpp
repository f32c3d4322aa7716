// What holds for every thread pool: how work is cut, and how partial results are combined.
#include "core/runtime/parallel.h"

#include <algorithm>
#include <vector>

namespace weir {

void parallel_ranges(int64_t count, int64_t grain, FunctionRef<void(int64_t, int64_t)> body) {
  parallel_for((count + grain - 1) / grain,
               [&](int64_t range) { body(range * grain, std::min(count, (range + 1) * grain)); });
}

int reduction_chunks(int64_t count, int most) {
  constexpr int64_t kWorthwhile = 2048;  // items below which a chunk costs more than it saves
  return static_cast<int>(std::clamp<int64_t>(count / kWorthwhile, 1, most));
}

double parallel_sum(int64_t count, FunctionRef<double(int64_t, int64_t)> body) {
  const int chunks = reduction_chunks(count, 64);
  std::vector<double> partial(static_cast<size_t>(chunks));
  parallel_for(chunks, [&](int64_t chunk) {
    partial[static_cast<size_t>(chunk)] =
        body(count * chunk / chunks, count * (chunk + 1) / chunks);
  });
  for (size_t stride = 1; stride < partial.size(); stride *= 2) {
    for (size_t i = 0; i + stride < partial.size(); i += 2 * stride) {
      partial[i] += partial[i + stride];
    }
  }
  return partial[0];
}

void tree_sum(float* partial, int parts, int64_t size, int64_t stride) {
  constexpr int64_t kGrain = 4096;
  parallel_ranges(size, kGrain, [&](int64_t begin, int64_t end) {
    for (int step = 1; step < parts; step *= 2) {
      for (int part = 0; part + step < parts; part += 2 * step) {
        float* into = partial + part * stride;
        const float* from = partial + (part + step) * stride;
        for (int64_t i = begin; i < end; ++i) into[i] += from[i];
      }
    }
  });
}

}  // namespace weir
