#include "datasets/resize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/names.h"
#include "datasets/resize_line.h"

namespace weir {
namespace {

constexpr std::array<std::pair<const char*, ResizeMethod>, 3> kMethods = {{
    {"area", ResizeMethod::kArea},
    {"bilinear", ResizeMethod::kBilinear},
    {"nearest", ResizeMethod::kNearest},
}};

// The rows of `picture` at their new width, as floats.
std::vector<float> resize_rows(const Picture& picture, const std::vector<PixelTaps>& line) {
  std::vector<float> rows;
  rows.reserve(line.size() * picture.height * picture.channels);
  for (int y = 0; y < picture.height; ++y) {
    for (const PixelTaps& taps : line) {
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
  const std::vector<float> rows = resize_rows(picture, resize_line(picture.width, width, method));
  const std::vector<PixelTaps> column = resize_line(picture.height, height, method);
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
