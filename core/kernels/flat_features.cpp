#include "core/kernels/flat_features.h"

#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

// Calls body(number in the map, number in the features) for all values of one block.
template <class Body>
void for_values(const Tensor& map, const Tensor& features, int first, int nb, Body body) {
  const int64_t pixels = int64_t{map.h()} * map.w();
  for (int64_t pixel = 0; pixel < pixels; ++pixel) {
    for (int row = 0; row < map.block(); ++row) {
      const int64_t panel = (nb * pixels + pixel) * map.panel_size() + int64_t{row} * map.c();
      const int64_t feature = nb * features.panel_size() + int64_t{row} * features.c() + first;
      for (int64_t c = 0; c < map.c(); ++c) body(panel + c, feature + c * pixels + pixel);
    }
  }
}

}  // namespace

void put_features(const Tensor& map, int first, Tensor& features) {
  with_storage(map.dtype(), [&]<class T>(T) {
    parallel_for(map.blocks(), [&](int64_t nb) {
      const T* from = map.data<T>();
      T* to = features.data<T>();
      for_values(map, features, first, static_cast<int>(nb),
                 [=](int64_t in_map, int64_t in_features) { to[in_features] = from[in_map]; });
    });
  });
}

void take_features(const Tensor& features, int first, Tensor& map) {
  with_storage(map.dtype(), [&]<class T>(T) {
    parallel_for(map.blocks(), [&](int64_t nb) {
      const T* from = features.data<T>();
      T* to = map.data<T>();
      for_values(map, features, first, static_cast<int>(nb),
                 [=](int64_t in_map, int64_t in_features) { to[in_map] = from[in_features]; });
    });
  });
}

}  // namespace weir::kernels
