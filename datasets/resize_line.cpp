#include "datasets/resize_line.h"

#include <algorithm>

namespace weir {
namespace {

PixelTaps nearest_tap(int to, double scale, int from_size) {
  return {std::min(static_cast<int>((to + 0.5) * scale), from_size - 1), {1.0f}};
}

PixelTaps bilinear_taps(int to, double scale, int from_size) {
  const double centre = std::clamp((to + 0.5) * scale - 0.5, 0.0, from_size - 1.0);
  const int first = std::min(static_cast<int>(centre), std::max(from_size - 2, 0));
  const auto part = static_cast<float>(centre - first);
  return {first, from_size > 1 ? std::vector<float>{1 - part, part} : std::vector<float>{1.0f}};
}

PixelTaps area_taps(int to, double scale, int from_size) {
  const double begin = to * scale, end = std::min((to + 1) * scale, double(from_size));
  PixelTaps taps{.first = static_cast<int>(begin), .weights = {}};
  for (int i = taps.first; i < end; ++i) {
    const double overlap = std::min(end, i + 1.0) - std::max(begin, double(i));
    taps.weights.push_back(static_cast<float>(overlap / (end - begin)));
  }
  return taps;
}

}  // namespace

std::vector<PixelTaps> resize_line(int from_size, int to_size, ResizeMethod method) {
  const double scale = double(from_size) / to_size;
  std::vector<PixelTaps> line;
  for (int to = 0; to < to_size; ++to) {
    if (method == ResizeMethod::kNearest) {
      line.push_back(nearest_tap(to, scale, from_size));
    } else if (method == ResizeMethod::kArea && to_size < from_size) {
      line.push_back(area_taps(to, scale, from_size));
    } else {
      line.push_back(bilinear_taps(to, scale, from_size));
    }
  }
  return line;
}

}  // namespace weir
