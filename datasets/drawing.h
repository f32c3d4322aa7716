// A picture to draw on: rectangles, smooth lines and other pictures.
#pragma once

#include <cstdint>
#include <span>

#include "datasets/image_io.h"

namespace weir {

struct Colour {
  uint8_t red = 0, green = 0, blue = 0;
};

// In pixels; (0, 0) is the upper left corner of the picture, x grows to the right, y down.
struct Point {
  float x = 0, y = 0;
};

struct Segment {
  Point from, to;
};

// Whatever lies outside the picture is cut off.
class Drawing {
 public:
  Drawing(int width, int height, Colour background);

  // Pixels x to x + width - 1, y to y + height - 1.
  void rectangle(int x, int y, int width, int height, Colour colour);
  // Lines with round ends, anti-aliased. Where they meet or cross, they are one shape: nothing is
  // drawn twice. A segment without length is a dot.
  void lines(std::span<const Segment> segments, float width, Colour colour);
  // An RGB picture with its corner at (x, y), every pixel drawn as scale x scale.
  void paste(const Picture& picture, int x, int y, int scale);

  const Picture& picture() const { return picture_; }

 private:
  void blend(int x, int y, Colour colour, float opacity);
  Picture picture_;
};

}  // namespace weir
