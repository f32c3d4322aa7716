#include "core/kernels/max_unpool.h"

#include <algorithm>
#include <atomic>

#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

// Lanes of a panel that belong to images: rows are images, so they come first.
int64_t live_lanes(const Tensor& images, int nb) {
  return int64_t{images.live_rows(nb)} * images.c();
}

// Calls body(block, first lane, one behind the last) in parallel. A lane is one channel of one
// image, and nobody else writes there, wherever the indices point.
template <class Body>
void for_lane_ranges(const Tensor& images, Body body) {
  constexpr int64_t kLanes = 64;  // whole cache lines
  const int64_t panel = images.panel_size(), ranges = (panel + kLanes - 1) / kLanes;
  parallel_for(images.blocks() * ranges, [&](int64_t item) {
    const int64_t begin = item % ranges * kLanes;
    body(static_cast<int>(item / ranges), begin, std::min(begin + kLanes, panel));
  });
}

int64_t pixels_of(const Tensor& images) { return int64_t{images.h()} * images.w(); }

}  // namespace

void max_unpool_forward(const Tensor& x, const Tensor& indices, Tensor& y) {
  const int64_t panel = x.panel_size();
  for_lane_ranges(x, [&](int nb, int64_t begin, int64_t end) {
    with_storage(x.dtype(), [&]<class T>(T) {
      T* to = y.panel<T>(nb, 0, 0);
      for (int64_t pixel = 0; pixel < pixels_of(y); ++pixel) {
        std::fill(to + pixel * panel + begin, to + pixel * panel + end, T());
      }
      const T* from = x.panel<T>(nb, 0, 0);
      const int32_t* index = indices.panel<int32_t>(nb, 0, 0);
      const int64_t live = std::min(end, live_lanes(x, nb));
      for (int64_t pixel = 0; pixel < pixels_of(x); ++pixel, from += panel, index += panel) {
        for (int64_t lane = begin; lane < live; ++lane) to[index[lane] * panel + lane] = from[lane];
      }
    });
  });
}

void max_unpool_backward(const Tensor& dy, const Tensor& indices, Tensor& dx) {
  const int64_t panel = dx.panel_size();
  for_lane_ranges(dx, [&](int nb, int64_t begin, int64_t end) {
    with_storage(dx.dtype(), [&]<class T>(T) {
      const T* from = dy.panel<T>(nb, 0, 0);
      T* to = dx.panel<T>(nb, 0, 0);
      const int32_t* index = indices.panel<int32_t>(nb, 0, 0);
      const int64_t live = std::clamp(live_lanes(dx, nb), begin, end);
      for (int64_t pixel = 0; pixel < pixels_of(dx); ++pixel, to += panel, index += panel) {
        for (int64_t lane = begin; lane < live; ++lane) to[lane] = from[index[lane] * panel + lane];
        std::fill(to + live, to + end, T());
      }
    });
  });
}

std::optional<BadIndex> find_bad_index(const Tensor& indices, int64_t pixels) {
  const int64_t panel = indices.panel_size(), per_block = pixels_of(indices);
  // The first in memory, so that the answer does not depend on threads.
  std::atomic<int64_t> first = indices.stored();
  parallel_ranges(indices.blocks() * per_block, 64, [&](int64_t begin, int64_t end) {
    for (int64_t pixel = begin; pixel < end; ++pixel) {
      const int32_t* index = indices.data<int32_t>() + pixel * panel;
      const int64_t live = live_lanes(indices, static_cast<int>(pixel / per_block));
      const auto outside = [=](int32_t i) { return i < 0 || int64_t{i} >= pixels; };
      if (std::count_if(index, index + live, outside) == 0) continue;  // vectors count fast
      const int32_t* bad = std::find_if(index, index + live, outside);
      const int64_t at = bad - indices.data<int32_t>();
      int64_t known = first.load();
      while (at < known && !first.compare_exchange_weak(known, at)) {
      }
      return;
    }
  });
  if (first.load() == indices.stored()) return std::nullopt;
  const int64_t lane = first.load() % panel, pixel = first.load() / panel % per_block;
  const int64_t image = first.load() / panel / per_block * indices.block() + lane / indices.c();
  return BadIndex{.n = static_cast<int>(image),
                  .c = static_cast<int>(lane % indices.c()),
                  .y = static_cast<int>(pixel / indices.w()),
                  .x = static_cast<int>(pixel % indices.w()),
                  .index = indices.data<int32_t>()[first.load()]};
}

}  // namespace weir::kernels
