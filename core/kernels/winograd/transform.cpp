#include "core/kernels/winograd/transform.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/winograd/transform.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/winograd/maps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

// Along the columns first, then along the rows.
template <class Map, class From>
void transform(const From* const* in, float* const* out, int64_t count) {
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

template <class Tile, class From>
void from_pixels(WinogradMap map, const From* const* in, float* const* out, int64_t count) {
  if (map == WinogradMap::kInput) {
    transform<typename Tile::Input>(in, out, count);
  } else {
    transform<typename Tile::OutputGradient>(in, out, count);
  }
}

template <class Tile>
void from_floats(WinogradMap map, const float* const* in, float* const* out, int64_t count) {
  switch (map) {
    case WinogradMap::kInput:
    case WinogradMap::kOutputGradient:
      return from_pixels<Tile>(map, in, out, count);
    case WinogradMap::kOutput:
      return transform<typename Tile::Output>(in, out, count);
    case WinogradMap::kWeight:
      return transform<typename Tile::Weight>(in, out, count);
    case WinogradMap::kWeightGradient:
      return transform<typename Tile::WeightGradient>(in, out, count);
  }
}

void winograd_floats(WinogradTile tile, WinogradMap map, const float* const* in, float* const* out,
                     int64_t count) {
  if (tile == WinogradTile::kFour) {
    from_floats<Four>(map, in, out, count);
  } else {
    from_floats<Two>(map, in, out, count);
  }
}

void winograd_bfloat16(WinogradTile tile, WinogradMap map, const bfloat16* const* in,
                       float* const* out, int64_t count) {
  if (tile == WinogradTile::kFour) {
    from_pixels<Four>(map, in, out, count);
  } else {
    from_pixels<Two>(map, in, out, count);
  }
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(winograd_floats);
HWY_EXPORT(winograd_bfloat16);

}  // namespace

void winograd_transform(WinogradTile tile, WinogradMap map, std::span<const float* const> in,
                        std::span<float* const> out, int64_t count) {
  HWY_DYNAMIC_DISPATCH(winograd_floats)(tile, map, in.data(), out.data(), count);
}

void winograd_transform(WinogradTile tile, WinogradMap map, std::span<const bfloat16* const> in,
                        std::span<float* const> out, int64_t count) {
  HWY_DYNAMIC_DISPATCH(winograd_bfloat16)(tile, map, in.data(), out.data(), count);
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
