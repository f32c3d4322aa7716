#include "core/kernels/fractional_pool.h"

#include <algorithm>
#include <limits>

#include "core/kernels/for_lanes.h"
#include "core/kernels/for_rows.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/fractional_pool.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// Windows of neighbouring lanes begin at most a few pixels apart. So a group of lanes walks over
// the pixels that any of its windows holds, in row-major order, and each lane ignores those outside
// its own: contiguous loads and a mask instead of gathers.
using GroupTag = hn::CappedTag<float, FractionalAxis::kGroup>;

// Calls body(D(), lane) for the lanes of group `group` of a panel.
template <class Body>
HWY_INLINE void for_group(int group, int64_t panel, Body body) {
  constexpr int64_t kGroup = FractionalAxis::kGroup;
  const int64_t end = std::min((group + 1) * kGroup, panel);
  const int64_t step = static_cast<int64_t>(hn::Lanes(GroupTag()));
  int64_t lane = group * kGroup;
  for (; lane + step <= end; lane += step) body(GroupTag(), lane);
  for (; lane < end; ++lane) body(Single(), lane);
}

// Edges of the windows of some lanes along one axis: [begin, end).
template <class D>
struct LaneEdges {
  using Integers = hn::RebindToSigned<D>;
  hn::Vec<Integers> begin, end;

  HWY_INLINE LaneEdges(const FractionalAxis& axis, int nb, int output, int64_t lane)
      : begin(hn::LoadU(Integers(), axis.begins(nb, output) + lane)),
        end(hn::Add(hn::LoadU(Integers(), axis.ends(nb, output) + lane),
                    hn::Set(Integers(), axis.reach()))) {}
  HWY_INLINE auto hold(int position) const {
    const Integers d;
    return hn::And(hn::Lt(begin, hn::Set(d, position + 1)), hn::Lt(hn::Set(d, position), end));
  }
};

template <class T>
struct FractionalBlock {
  const T* x;  // of one block
  T* y;        // of one output pixel, as are the indices
  int32_t* indices;
};

// The output at (oy, ox) of block nb, for one group of lanes.
template <class T>
HWY_INLINE void reduce_group(const FractionalGeometry& g, const FractionalBlock<T>& block, int nb,
                             int oy, int ox, int group, int64_t panel) {
  const Range rows = g.y.inputs(nb, group, oy), columns = g.x.inputs(nb, group, ox);
  const int width = g.x.in();
  const FractionalBlock<T> local = block;
  for_group(group, panel, [=, &g]<class D>(D d, int64_t lane) HWY_ATTR {
    using V = Lanes<D>;
    const hn::RebindToSigned<D> integers;
    const LaneEdges<D> edges_y(g.y, nb, oy, lane), edges_x(g.x, nb, ox, lane);
    V best(-std::numeric_limits<float>::infinity());
    auto winner = hn::Add(hn::Mul(edges_y.begin, hn::Set(integers, width)), edges_x.begin);
    for (int row = rows.begin; row < rows.end; ++row) {
      const auto in_row = edges_y.hold(row);
      const T* from = local.x + (int64_t{row} * width + columns.begin) * panel + lane;
      for (int column = columns.begin; column < columns.end; ++column, from += panel) {
        const V value = V::load(from);
        const auto held = hn::RebindMask(d, hn::And(in_row, edges_x.hold(column)));
        const auto wins = hn::And(held, either(value > best, is_nan(value)));
        best = select(wins, value, best);
        winner = hn::IfThenElse(hn::RebindMask(integers, wins),
                                hn::Set(integers, row * width + column), winner);
      }
    }
    best.store(local.y + lane);
    hn::StoreU(winner, integers, local.indices + lane);
  });
}

void fractional_forward_row(const FractionalGeometry& g, const Tensor& x, Tensor& y,
                            Tensor& indices, int nb, int oy) {
  with_storage(x.dtype(), [&]<class T>(T) HWY_ATTR {
    for (int ox = 0; ox < y.w(); ++ox) {
      const FractionalBlock<T> block{.x = x.panel<T>(nb, 0, 0),
                                     .y = y.panel<T>(nb, oy, ox),
                                     .indices = indices.panel<int32_t>(nb, oy, ox)};
      for (int group = 0; group < g.y.groups(); ++group) {
        reduce_group(g, block, nb, oy, ox, group, x.panel_size());
      }
    }
  });
}

// dx at (iy, ix) for one group of lanes: what the windows send back that hold the pixel and that
// it won. `dy` and `indices` begin with the block.
HWY_INLINE void gather_group(const FractionalGeometry& g, const bfloat16* dy,
                             const int32_t* indices, int nb, int iy, int ix, int group,
                             int64_t panel, bfloat16* dx) {
  const Range rows = g.y.outputs(nb, group, iy), columns = g.x.outputs(nb, group, ix);
  const int32_t pixel = iy * g.x.in() + ix;
  const int width = g.x.out();
  for_group(group, panel, [=]<class D>(D d, int64_t lane) HWY_ATTR {
    using V = Lanes<D>;
    const hn::RebindToSigned<D> integers;
    const auto mine = hn::Set(integers, pixel);
    V sum(0.f);
    for (int row = rows.begin; row < rows.end; ++row) {
      int64_t at = (int64_t{row} * width + columns.begin) * panel + lane;
      for (int column = columns.begin; column < columns.end; ++column, at += panel) {
        const auto won = hn::Eq(hn::LoadU(integers, indices + at), mine);
        sum = sum + select(hn::RebindMask(d, won), V::load(dy + at), V(0.f));
      }
    }
    sum.store(dx + lane);
  });
}

void gather_row(const FractionalGeometry& g, const Tensor& indices, const Tensor& dy, Tensor& dx,
                int nb, int iy) {
  const bfloat16* upstream = dy.panel<bfloat16>(nb, 0, 0);
  const int32_t* winners = indices.panel<int32_t>(nb, 0, 0);
  for (int ix = 0; ix < dx.w(); ++ix) {
    bfloat16* to = dx.panel<bfloat16>(nb, iy, ix);
    for (int group = 0; group < g.y.groups(); ++group) {
      gather_group(g, upstream, winners, nb, iy, ix, group, dx.panel_size(), to);
    }
  }
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(fractional_forward_row);
HWY_EXPORT(gather_row);

// Every output adds to the pixel that won it, in row-major order.
void scatter_lanes(const Tensor& indices, const Tensor& dy, Tensor& dx, int nb, int64_t begin,
                   int64_t end) {
  const int64_t panel = dx.panel_size(), live = std::min(end, dx.live_lanes(nb));
  float* to = dx.panel<float>(nb, 0, 0);
  for (int64_t pixel = 0; pixel < int64_t{dx.h()} * dx.w(); ++pixel) {
    std::fill(to + pixel * panel + begin, to + pixel * panel + end, 0.f);
  }
  const float* from = dy.panel<float>(nb, 0, 0);
  const int32_t* winner = indices.panel<int32_t>(nb, 0, 0);
  for (int64_t i = 0; i < int64_t{dy.h()} * dy.w(); ++i, from += panel, winner += panel) {
    for (int64_t lane = begin; lane < live; ++lane) to[winner[lane] * panel + lane] += from[lane];
  }
}

}  // namespace

void fractional_max_forward(const FractionalGeometry& geometry, const Tensor& x, Tensor& y,
                            Tensor& indices) {
  for_rows(y, [&](int nb, int oy) {
    HWY_DYNAMIC_DISPATCH(fractional_forward_row)(geometry, x, y, indices, nb, oy);
  });
}

void fractional_max_backward(const FractionalGeometry& geometry, const Tensor& indices,
                             const Tensor& dy, Tensor& dx) {
  if (dx.dtype() == DType::kF32) {
    for_lane_ranges(dx, [&](int nb, int64_t begin, int64_t end) {
      scatter_lanes(indices, dy, dx, nb, begin, end);
    });
    return;
  }
  // Sums in dx itself would be rounded once for each window.
  for_rows(dx, [&](int nb, int iy) {
    HWY_DYNAMIC_DISPATCH(gather_row)(geometry, indices, dy, dx, nb, iy);
  });
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
