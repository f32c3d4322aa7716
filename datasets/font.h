// A small built-in font: printable ASCII, drawn with smooth strokes at any size.
#pragma once

#include <string_view>
#include <vector>

#include "datasets/drawing.h"

namespace weir {

enum class Align { kLeft, kCentre, kRight };

struct TextStyle {
  float size = 11;  // height of a capital letter, pixels
  Colour colour;
  Align align = Align::kLeft;
  bool bold = false;
  bool upwards = false;  // reads from bottom to top; `align` is along the text
};

// Width in pixels. Digits are equally wide, other characters as wide as they need.
float text_width(std::string_view text, float size);

// `anchor` is on the line that capitals stand on. Characters outside ASCII become '?'.
void draw_text(Drawing& drawing, Point anchor, std::string_view text, const TextStyle& style);

}  // namespace weir
