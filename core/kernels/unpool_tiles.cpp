#include "core/kernels/unpool_tiles.h"

#include <algorithm>
#include <atomic>
#include <type_traits>

#include "core/kernels/fetch_ahead.h"
#include "core/kernels/for_rows.h"
#include "core/kernels/past_caches.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/unpool_tiles.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"
#include "core/kernels/stream-inl.h"

#ifndef WEIR_CORE_KERNELS_UNPOOL_TILES_ONCE
#define WEIR_CORE_KERNELS_UNPOOL_TILES_ONCE
namespace weir::kernels {

// A row of pixels of the small map, and the tiles of the large one.
struct UnpoolRow {
  const Tensor &small, &indices, &large;
  UnpoolTile tile;
  int nb, row;
  int64_t live;  // lanes of images
  bool streams;  // what is written goes past the caches
};

}  // namespace weir::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// Calls body(offset in numbers, index) for the pixels of the tile of pixel `column`.
template <class Body>
HWY_INLINE void for_tile(const UnpoolRow& r, int column, Body body) {
  for (int ty = 0; ty < r.tile.h; ++ty) {
    for (int tx = 0; tx < r.tile.w; ++tx) {
      const int y = r.row * r.tile.h + ty, x = column * r.tile.w + tx;
      body(r.large.panel_size() * (y * r.large.w() + x), y * r.large.w() + x);
    }
  }
}

template <class D, class T>
HWY_INLINE void put(Lanes<D> value, T* to, bool streams) {
  if constexpr (std::is_same_v<D, Wide>) {
    if (streams) return stream(value, to);
  }
  value.store(to);
}

// Calls body(offset, mask) for a register of lanes and each pixel of its tile, with the lanes whose
// index it is. Returns whether every lane had one.
template <class D, class Body>
HWY_INLINE bool match_tile(const UnpoolRow& r, int column, const int32_t* index, Body body) {
  const hn::RebindToSigned<D> integers;
  const auto wanted = hn::LoadU(integers, index);
  Lanes<D> missing(1.f);
  for_tile(r, column, [&](int64_t offset, int32_t number) HWY_ATTR {
    const auto here = hn::RebindMask(D(), hn::Eq(wanted, hn::Set(integers, number)));
    body(offset, here);
    missing = select(here, Lanes<D>(0.f), missing);
  });
  return hn::AllTrue(D(), missing == Lanes<D>(0.f));
}

template <class T>
HWY_INLINE bool fill_tile(const UnpoolRow& r, int column) {
  const T* from = r.small.panel<T>(r.nb, r.row, column);
  T* to = const_cast<T*>(r.large.panel<T>(r.nb, 0, 0));
  const int32_t* index = r.indices.panel<int32_t>(r.nb, r.row, column);
  bool all = true;
  for_lanes(0, r.live, [&]<class D>(D, int64_t lane) HWY_ATTR {
    const auto value = Lanes<D>::load(from + lane);
    all &= match_tile<D>(r, column, index + lane, [&](int64_t offset, auto here) HWY_ATTR {
      put(select(here, value, Lanes<D>(0.f)), to + offset + lane, r.streams);
    });
  });
  for_tile(r, column, [&](int64_t offset, int32_t) {
    std::fill(to + offset + r.live, to + offset + r.large.panel_size(), T());
  });
  return all;
}

template <class T>
HWY_INLINE bool gather_tile(const UnpoolRow& r, int column) {
  const T* from = r.large.panel<T>(r.nb, 0, 0);
  T* to = const_cast<T*>(r.small.panel<T>(r.nb, r.row, column));
  const int32_t* index = r.indices.panel<int32_t>(r.nb, r.row, column);
  bool all = true;
  for_lanes(0, r.live, [&]<class D>(D, int64_t lane) HWY_ATTR {
    Lanes<D> value(0.f);
    all &= match_tile<D>(r, column, index + lane, [&](int64_t offset, auto here) HWY_ATTR {
      // A load under a mask waits for the mask; a fetch does not.
      __builtin_prefetch(from + offset + lane + kFetchAhead / int64_t{sizeof(T)});
      value = select(here, Lanes<D>::load(from + offset + lane), value);
    });
    put(value, to + lane, r.streams);
  });
  std::fill(to + r.live, to + r.small.panel_size(), T());
  return all;
}

bool fill_row(const UnpoolRow& r) {
  bool all = true;
  with_storage(r.small.dtype(), [&]<class T>(T) HWY_ATTR {
    for (int column = 0; column < r.small.w(); ++column) all &= fill_tile<T>(r, column);
  });
  if (r.streams) hwy::FlushStream();
  return all;
}

bool gather_row(const UnpoolRow& r) {
  bool all = true;
  with_storage(r.small.dtype(), [&]<class T>(T) HWY_ATTR {
    for (int column = 0; column < r.small.w(); ++column) all &= gather_tile<T>(r, column);
  });
  if (r.streams) hwy::FlushStream();
  return all;
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(fill_row);
HWY_EXPORT(gather_row);

// Calls body(row) for all rows of `small` in parallel. Whether all of them said true.
template <class Body>
bool all_rows(const Tensor& small, const Tensor& indices, const Tensor& large,
              const UnpoolTile& tile, bool streams, Body body) {
  std::atomic<bool> all = true;
  for_rows(small, [&](int nb, int row) {
    if (!body(UnpoolRow{small, indices, large, tile, nb, row, small.live_lanes(nb), streams})) {
      all = false;
    }
  });
  return all;
}

}  // namespace

bool unpool_tiles_forward(const Tensor& x, const Tensor& indices, const UnpoolTile& tile,
                          Tensor& y) {
  return all_rows(x, indices, y, tile, goes_past_caches(x, y),
                  [](const UnpoolRow& row) { return HWY_DYNAMIC_DISPATCH(fill_row)(row); });
}

bool unpool_tiles_backward(const Tensor& dy, const Tensor& indices, const UnpoolTile& tile,
                           Tensor& dx) {
  return all_rows(dx, indices, dy, tile, goes_past_caches(dy, dx),
                  [](const UnpoolRow& row) { return HWY_DYNAMIC_DISPATCH(gather_row)(row); });
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
