// The five shapes of synth10 and the pixels that they cover.
#pragma once

#include <array>
#include <cstdint>

namespace weir {

// Pictures are drawn at twice their size and averaged, so that edges are smooth.
inline constexpr int kCanvasSize = 64;
inline constexpr float kCanvasPixel = 0.5f;  // side of a canvas pixel, in picture pixels

enum class ShapeKind { kDisc, kSquare, kTriangle, kRing, kCross, kBar };

// A turn by `turns` (1 is a full one). Own polynomials: the C library's differ between systems.
struct Rotation {
  float cosine = 1, sine = 0;
};
Rotation rotation(float turns);

// All sizes in picture pixels. `radius` is that of the disc with the same area, so that the area
// tells nothing about the shape; a bar instead is 2 * radius long and `detail` wide.
struct DrawnShape {
  ShapeKind kind;
  float x, y;  // centre
  float radius;
  float detail;   // ring: inner / outer radius; cross: arm width / length; bar: width
  float stretch;  // one axis is multiplied by it, the other divided
  Rotation rotation;
};

// The canvas pixels whose centre lies in a shape; nothing outside the box is set.
struct Coverage {
  int left, top, right, bottom;  // a box of canvas pixels, right and bottom exclusive
  std::array<uint8_t, kCanvasSize * kCanvasSize> covered;  // 0 or 1, defined only in the box
};

void cover(const DrawnShape& shape, Coverage& coverage);

}  // namespace weir
