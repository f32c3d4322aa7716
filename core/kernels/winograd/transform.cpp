#include "core/kernels/winograd/transform.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/winograd/transform.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/winograd/maps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// Along the columns first, then along the rows.
template <class Map>
void transform(const float* const* in, float* const* out, int64_t count) {
  constexpr int kIn = Map::kIn, kOut = Map::kOut;
  for_lanes(0, count, [=]<class D>(D, int64_t i) HWY_ATTR {
    using V = Lanes<D>;
    V half[kOut * kIn];
    for (int column = 0; column < kIn; ++column) {
      V from[kIn], to[kOut];
      for (int row = 0; row < kIn; ++row) from[row] = V::load(in[row * kIn + column] + i);
      Map::apply(from, to);
      for (int row = 0; row < kOut; ++row) half[row * kIn + column] = to[row];
    }
    for (int row = 0; row < kOut; ++row) {
      V to[kOut];
      Map::apply(half + row * kIn, to);
      for (int column = 0; column < kOut; ++column) to[column].store(out[row * kOut + column] + i);
    }
  });
}

template <class Tile>
void transform_tile(WinogradMap map, const float* const* in, float* const* out, int64_t count) {
  switch (map) {
    case WinogradMap::kInput:
      return transform<typename Tile::Input>(in, out, count);
    case WinogradMap::kOutput:
      return transform<typename Tile::Output>(in, out, count);
    case WinogradMap::kOutputGradient:
      return transform<typename Tile::OutputGradient>(in, out, count);
    case WinogradMap::kWeight:
      return transform<typename Tile::Weight>(in, out, count);
    case WinogradMap::kWeightGradient:
      return transform<typename Tile::WeightGradient>(in, out, count);
  }
}

void winograd(WinogradTile tile, WinogradMap map, const float* const* in, float* const* out,
              int64_t count) {
  if (tile == WinogradTile::kFour) {
    transform_tile<Four>(map, in, out, count);
  } else {
    transform_tile<Two>(map, in, out, count);
  }
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(winograd);

}  // namespace

void winograd_transform(WinogradTile tile, WinogradMap map, std::span<const float* const> in,
                        std::span<float* const> out, int64_t count) {
  HWY_DYNAMIC_DISPATCH(winograd)(tile, map, in.data(), out.data(), count);
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
