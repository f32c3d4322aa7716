#include "datasets/drawing.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace weir {
namespace {

// Columns left to right - 1, rows top to bottom - 1.
struct Box {
  int left, top, right, bottom;
};

// What a line of width 2 * half may touch, cut at the picture's edges.
Box box_of(std::span<const Segment> segments, float half, const Picture& picture) {
  float left = static_cast<float>(picture.width), top = static_cast<float>(picture.height);
  float right = 0, bottom = 0;
  for (const auto& [from, to] : segments) {
    left = std::min({left, from.x, to.x});
    top = std::min({top, from.y, to.y});
    right = std::max({right, from.x, to.x});
    bottom = std::max({bottom, from.y, to.y});
  }
  const float margin = half + 1;
  const auto inside = [](float position, int size) {
    return static_cast<int>(std::clamp(position, 0.0f, static_cast<float>(size)));
  };
  return {inside(left - margin, picture.width), inside(top - margin, picture.height),
          inside(right + margin + 1, picture.width), inside(bottom + margin + 1, picture.height)};
}

float distance(const Segment& segment, Point point) {
  const float along_x = segment.to.x - segment.from.x, along_y = segment.to.y - segment.from.y;
  const float to_x = point.x - segment.from.x, to_y = point.y - segment.from.y;
  const float square = along_x * along_x + along_y * along_y;
  const float part =
      square > 0 ? std::clamp((to_x * along_x + to_y * along_y) / square, 0.0f, 1.0f) : 0.0f;
  return std::hypot(to_x - part * along_x, to_y - part * along_y);
}

}  // namespace

Drawing::Drawing(int width, int height, Colour background) : picture_(width, height) {
  rectangle(0, 0, width, height, background);
}

void Drawing::blend(int x, int y, Colour colour, float opacity) {
  const uint8_t channels[] = {colour.red, colour.green, colour.blue};
  for (int c = 0; c < 3; ++c) {
    uint8_t& value = picture_.at(x, y, c);
    const float mixed = static_cast<float>(value) * (1 - opacity) + channels[c] * opacity;
    value = static_cast<uint8_t>(std::lround(mixed));
  }
}

void Drawing::rectangle(int x, int y, int width, int height, Colour colour) {
  for (int row = std::max(y, 0); row < std::min(y + height, picture_.height); ++row) {
    for (int column = std::max(x, 0); column < std::min(x + width, picture_.width); ++column) {
      blend(column, row, colour, 1);
    }
  }
}

void Drawing::lines(std::span<const Segment> segments, float width, Colour colour) {
  const float half = width / 2;
  const Box all = box_of(segments, half, picture_);
  const int columns = std::max(all.right - all.left, 0), rows = std::max(all.bottom - all.top, 0);
  std::vector<float> coverage(static_cast<size_t>(columns) * rows);
  const auto covered = [&](int x, int y) -> float& {
    return coverage[static_cast<size_t>(y - all.top) * columns + (x - all.left)];
  };
  for (const Segment& segment : segments) {
    const Box box = box_of({&segment, 1}, half, picture_);
    for (int y = box.top; y < box.bottom; ++y) {
      for (int x = box.left; x < box.right; ++x) {
        const Point centre{static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f};
        const float inside = std::clamp(half + 0.5f - distance(segment, centre), 0.0f, 1.0f);
        covered(x, y) = std::max(covered(x, y), inside);
      }
    }
  }
  for (int y = all.top; y < all.bottom; ++y) {
    for (int x = all.left; x < all.right; ++x) blend(x, y, colour, covered(x, y));
  }
}

void Drawing::paste(const Picture& picture, int x, int y, int scale) {
  for (int row = 0; row < picture.height; ++row) {
    for (int column = 0; column < picture.width; ++column) {
      rectangle(
          x + column * scale, y + row * scale, scale, scale,
          {picture.at(column, row, 0), picture.at(column, row, 1), picture.at(column, row, 2)});
    }
  }
}

}  // namespace weir
