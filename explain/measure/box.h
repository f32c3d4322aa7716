// Boxes in pictures.
#pragma once

#include <cstdint>
#include <span>

namespace weir {

// In pixels: columns left to right - 1, rows top to bottom - 1.
struct Box {
  int left = 0, top = 0, right = 0, bottom = 0;

  int width() const { return right - left; }
  int height() const { return bottom - top; }
  int64_t area() const { return int64_t{width()} * height(); }
  bool contains(int y, int x) const { return y >= top && y < bottom && x >= left && x < right; }
  bool operator==(const Box&) const = default;
};

// Intersection over union; 0 for boxes that do not meet.
double intersection_over_union(const Box& a, const Box& b);

// Around the pixels of a mask (height, width) that are not 0; empty when there are none.
Box box_around(std::span<const uint8_t> mask, int height, int width);

}  // namespace weir
