#include "train/run/batch_picture.h"

#include <algorithm>

#include "core/tensor/layout.h"

namespace weir {
namespace {

constexpr int kColumns = 8, kMost = 64, kScale = 2, kGap = 2;
constexpr int kColours = 3;

// Draws one picture (C, H, W) with its upper left corner at (left, top).
void draw(const float* values, const Tensor& images, int left, int top, Picture& sheet) {
  const int h = images.h(), w = images.w();
  const auto [low, high] = std::minmax_element(values, values + int64_t{images.c()} * h * w);
  const float range = std::max(*high - *low, 1e-6f);
  for (int colour = 0; colour < kColours; ++colour) {
    const int channel = images.c() >= kColours ? colour : 0;
    for (int y = 0; y < h * kScale; ++y) {
      for (int x = 0; x < w * kScale; ++x) {
        const float value = values[(int64_t{channel} * h + y / kScale) * w + x / kScale];
        constexpr float kWhite = 255.f, kHalf = 0.5f;
        sheet.at(left + x, top + y, colour) =
            static_cast<uint8_t>((value - *low) / range * kWhite + kHalf);
      }
    }
  }
}

}  // namespace

Picture picture_of_batch(const Tensor& images) {
  const int count = std::min(images.n(), kMost);
  const int columns = std::min(count, kColumns), rows = (count + kColumns - 1) / kColumns;
  const int tile_w = images.w() * kScale + kGap, tile_h = images.h() * kScale + kGap;
  Picture sheet(columns * tile_w + kGap, rows * tile_h + kGap);
  const std::vector<float> values = nchw_from_images(images);
  const int64_t size = int64_t{images.c()} * images.h() * images.w();
  for (int i = 0; i < count; ++i) {
    draw(values.data() + i * size, images, kGap + i % kColumns * tile_w,
         kGap + i / kColumns * tile_h, sheet);
  }
  return sheet;
}

}  // namespace weir
