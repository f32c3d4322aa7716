#include "core/kernels/panel_map.h"

#include <algorithm>
#include <span>

#include "core/kernels/for_rows.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/panel_map.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

template <class T>
void add_panels(const T* block, int64_t panel, int width, std::span<const int> rows,
                std::span<const int> columns, T* to) {
  for_lanes(0, panel, [=]<class D>(D, int64_t lane) HWY_ATTR {
    using V = Lanes<D>;
    V sum(0.f);
    for (const int row : rows) {
      for (const int column : columns) {
        sum = sum + V::load(block + (int64_t{row} * width + column) * panel + lane);
      }
    }
    sum.store(to + lane);
  });
}

// The panel of `dx` at (y, x) of block nb: what the pixels rows x columns of dy add up to.
void add_pixel(const Tensor& dy, int nb, std::span<const int> rows, std::span<const int> columns,
               int y, int x, Tensor& dx) {
  with_storage(dy.dtype(), [&]<class T>(T) HWY_ATTR {
    add_panels(dy.panel<T>(nb, 0, 0), dy.panel_size(), dy.w(), rows, columns,
               dx.panel<T>(nb, y, x));
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(add_pixel);

// For each position of the source, those that copied it, in increasing order.
std::vector<std::vector<int>> copies_of(const AxisSources& sources, int in) {
  std::vector<std::vector<int>> copies(static_cast<size_t>(in));
  for (size_t o = 0; o < sources.size(); ++o) {
    copies[static_cast<size_t>(sources[o])].push_back(static_cast<int>(o));
  }
  return copies;
}

}  // namespace

void copy_pixels(const AxisSources& rows, const AxisSources& columns, const Tensor& x, Tensor& y) {
  for_rows(y, [&](int nb, int oy) {
    with_storage(x.dtype(), [&]<class T>(T) {
      const T* from = x.panel<T>(nb, rows[static_cast<size_t>(oy)], 0);
      T* to = y.panel<T>(nb, oy, 0);
      for (const int column : columns) {
        to = std::copy_n(from + column * x.panel_size(), x.panel_size(), to);
      }
    });
  });
}

void add_copied_pixels(const AxisSources& rows, const AxisSources& columns, const Tensor& dy,
                       Tensor& dx) {
  const auto copies_y = copies_of(rows, dx.h()), copies_x = copies_of(columns, dx.w());
  for_rows(dx, [&](int nb, int iy) {
    for (int ix = 0; ix < dx.w(); ++ix) {
      HWY_DYNAMIC_DISPATCH(add_pixel)
      (dy, nb, copies_y[static_cast<size_t>(iy)], copies_x[static_cast<size_t>(ix)], iy, ix, dx);
    }
  });
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
