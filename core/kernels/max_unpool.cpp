#include "core/kernels/max_unpool.h"

#include <algorithm>

#include "core/kernels/for_lanes.h"
#include "core/kernels/for_rows.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/max_unpool.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// Widens `range` to hold indices[0 .. count).
void widen_range(const int32_t* indices, int64_t count, IndexRange& range) {
  const hn::ScalableTag<int32_t> d;
  const auto step = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  if (count >= step) {
    auto least = hn::Set(d, range.least), most = hn::Set(d, range.most);
    for (; i + step <= count; i += step) {
      const auto found = hn::LoadU(d, indices + i);
      least = hn::Min(least, found);
      most = hn::Max(most, found);
    }
    range = {hn::GetLane(hn::MinOfLanes(d, least)), hn::GetLane(hn::MaxOfLanes(d, most))};
  }
  for (; i < count; ++i) {
    range = {std::min(range.least, indices[i]), std::max(range.most, indices[i])};
  }
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(widen_range);

int64_t pixels_of(const Tensor& images) { return int64_t{images.h()} * images.w(); }

size_t row_number(const Tensor& images, int nb, int row) {
  return static_cast<size_t>(nb * images.h() + row);
}

// Some lanes of one block.
template <class T>
struct UnpoolLanes {
  const T* x;
  const int32_t* indices;
  T* y;
  int64_t panel, begin, end;
  int64_t live;  // below end where the last ones belong to no image

  void clear(int64_t first_pixel, int64_t last_pixel) const {
    for (int64_t pixel = first_pixel; pixel < last_pixel; ++pixel) {
      std::fill(y + pixel * panel + begin, y + pixel * panel + end, T());
    }
  }
  void scatter(int64_t first_pixel, int64_t last_pixel) const {
    for (int64_t pixel = first_pixel; pixel < last_pixel; ++pixel) {
      const int32_t* index = indices + pixel * panel;
      const T* from = x + pixel * panel;
      for (int64_t lane = begin; lane < live; ++lane) y[index[lane] * panel + lane] = from[lane];
    }
  }
};

// Row by row of x. Pixels are cleared shortly before the first value may arrive, while they stay in
// the cache: behind a pooling, the indices of a row point to the few rows that it saw.
template <class T>
void unpool_lanes(const UnpoolLanes<T>& lanes, const IndexRange* ranges, const Tensor& x,
                  const Tensor& y) {
  int64_t cleared = 0;
  for (int row = 0; row < x.h(); ++row) {
    const int64_t needed = (ranges[row].most / y.w() + 1) * int64_t{y.w()};
    lanes.clear(cleared, needed);
    cleared = std::max(cleared, needed);
    lanes.scatter(int64_t{row} * x.w(), int64_t{row + 1} * x.w());
  }
  lanes.clear(cleared, pixels_of(y));
}

}  // namespace

std::vector<IndexRange> index_ranges(const Tensor& indices) {
  std::vector<IndexRange> ranges(row_number(indices, indices.blocks(), 0));
  for_rows(indices, [&](int nb, int row) {
    IndexRange range{.least = indices.panel<int32_t>(nb, row, 0)[0]};
    range.most = range.least;
    for (int column = 0; column < indices.w(); ++column) {
      HWY_DYNAMIC_DISPATCH(widen_range)
      (indices.panel<int32_t>(nb, row, column), indices.live_lanes(nb), range);
    }
    ranges[row_number(indices, nb, row)] = range;
  });
  return ranges;
}

std::optional<BadIndex> find_bad_index(const Tensor& indices, const std::vector<IndexRange>& ranges,
                                       int64_t pixels) {
  const auto bad_row = std::find_if(ranges.begin(), ranges.end(), [&](const IndexRange& range) {
    return range.least < 0 || range.most >= pixels;
  });
  if (bad_row == ranges.end()) return std::nullopt;
  const int number = static_cast<int>(bad_row - ranges.begin());
  const int nb = number / indices.h(), row = number % indices.h();
  const int32_t* first = indices.panel<int32_t>(nb, row, 0);
  for (int64_t i = 0;; ++i) {
    const int64_t lane = i % indices.panel_size();
    if (lane >= indices.live_lanes(nb) || (first[i] >= 0 && first[i] < pixels)) continue;
    return BadIndex{.n = nb * indices.block() + static_cast<int>(lane / indices.c()),
                    .c = static_cast<int>(lane % indices.c()),
                    .y = row,
                    .x = static_cast<int>(i / indices.panel_size()),
                    .index = first[i]};
  }
}

void max_unpool_forward(const Tensor& x, const Tensor& indices,
                        const std::vector<IndexRange>& ranges,
                        const std::optional<UnpoolTile>& tile, Tensor& y) {
  if (tile && unpool_tiles_forward(x, indices, *tile, y)) return;
  for_lane_ranges(x, [&](int nb, int64_t begin, int64_t end) {
    with_storage(x.dtype(), [&]<class T>(T) {
      const UnpoolLanes<T> lanes{.x = x.panel<T>(nb, 0, 0),
                                 .indices = indices.panel<int32_t>(nb, 0, 0),
                                 .y = y.panel<T>(nb, 0, 0),
                                 .panel = x.panel_size(),
                                 .begin = begin,
                                 .end = end,
                                 .live = std::min(end, x.live_lanes(nb))};
      unpool_lanes(lanes, ranges.data() + row_number(x, nb, 0), x, y);
    });
  });
}

void max_unpool_backward(const Tensor& dy, const Tensor& indices,
                         const std::optional<UnpoolTile>& tile, Tensor& dx) {
  if (tile && unpool_tiles_backward(dy, indices, *tile, dx)) return;
  const int64_t panel = dx.panel_size();
  for_rows(dx, [&](int nb, int row) {
    with_storage(dx.dtype(), [&]<class T>(T) {
      const int64_t live = dx.live_lanes(nb);
      const T* from = dy.panel<T>(nb, 0, 0);
      for (int column = 0; column < dx.w(); ++column) {
        const int32_t* index = indices.panel<int32_t>(nb, row, column);
        T* to = dx.panel<T>(nb, row, column);
        for (int64_t lane = 0; lane < live; ++lane) to[lane] = from[index[lane] * panel + lane];
        std::fill(to + live, to + panel, T());
      }
    });
  });
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
