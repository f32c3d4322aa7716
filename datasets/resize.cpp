#include "datasets/resize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

constexpr std::array<std::pair<const char*, ResizeMethod>, 3> kMethods = {{
    {"area", ResizeMethod::kArea},
    {"bilinear", ResizeMethod::kBilinear},
    {"nearest", ResizeMethod::kNearest},
}};

// One new pixel of a line is the sum of weight[k] * old[first + k].
struct Taps {
  int first = 0;
  std::vector<float> weights;
};

Taps nearest_tap(int to, double scale, int from_size) {
  return {std::min(static_cast<int>((to + 0.5) * scale), from_size - 1), {1.0f}};
}

Taps bilinear_taps(int to, double scale, int from_size) {
  const double centre = std::clamp((to + 0.5) * scale - 0.5, 0.0, from_size - 1.0);
  const int first = std::min(static_cast<int>(centre), std::max(from_size - 2, 0));
  const auto part = static_cast<float>(centre - first);
  return {first, from_size > 1 ? std::vector<float>{1 - part, part} : std::vector<float>{1.0f}};
}

Taps area_taps(int to, double scale, int from_size) {
  const double begin = to * scale, end = std::min((to + 1) * scale, double(from_size));
  Taps taps{.first = static_cast<int>(begin)};
  for (int i = taps.first; i < end; ++i) {
    const double overlap = std::min(end, i + 1.0) - std::max(begin, double(i));
    taps.weights.push_back(static_cast<float>(overlap / (end - begin)));
  }
  return taps;
}

std::vector<Taps> line_taps(int from_size, int to_size, ResizeMethod method) {
  const double scale = double(from_size) / to_size;
  std::vector<Taps> line;
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

// The rows of `picture` at their new width, as floats.
std::vector<float> resize_rows(const Picture& picture, const std::vector<Taps>& line) {
  std::vector<float> rows;
  rows.reserve(line.size() * picture.height * picture.channels);
  for (int y = 0; y < picture.height; ++y) {
    for (const Taps& taps : line) {
      for (int c = 0; c < picture.channels; ++c) {
        float sum = 0;
        for (size_t k = 0; k < taps.weights.size(); ++k) {
          sum += taps.weights[k] * picture.at(taps.first + static_cast<int>(k), y, c);
        }
        rows.push_back(sum);
      }
    }
  }
  return rows;
}

}  // namespace

ResizeMethod resize_method(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [known, method] : kMethods) {
    if (name == known) return method;
    names.push_back(known);
  }
  fail(ErrorKind::kUsage, "there is no resize method '{}': choose one of {}{}", name, join(names),
       did_you_mean(name, names));
}

Picture resize(const Picture& picture, int width, int height, ResizeMethod method) {
  require(width > 0 && height > 0 && picture.width > 0 && picture.height > 0,
          "resize: every side must be at least 1, found {} x {} to {} x {}", picture.width,
          picture.height, width, height);
  if (width == picture.width && height == picture.height) return picture;
  const std::vector<float> rows = resize_rows(picture, line_taps(picture.width, width, method));
  const std::vector<Taps> column = line_taps(picture.height, height, method);
  const size_t row_size = static_cast<size_t>(width) * picture.channels;
  Picture result(width, height, picture.channels);
  std::vector<float> sums(row_size);
  for (int y = 0; y < height; ++y) {
    std::ranges::fill(sums, 0.0f);
    for (size_t k = 0; k < column[y].weights.size(); ++k) {
      const float* row = rows.data() + (column[y].first + k) * row_size;
      for (size_t i = 0; i < row_size; ++i) sums[i] += column[y].weights[k] * row[i];
    }
    for (size_t i = 0; i < row_size; ++i) {
      result.pixels[y * row_size + i] =
          static_cast<uint8_t>(std::clamp(std::floor(sums[i] + 0.5f), 0.0f, 255.0f));
    }
  }
  return result;
}

}  // namespace weir
