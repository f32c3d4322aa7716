#include "train/metrics/shift_consistency.h"

#include <algorithm>

#include "core/base/error.h"

namespace weir {
namespace {

struct Offset {
  int dy = 0, dx = 0;
};

std::vector<Offset> offsets_up_to(int most) {
  std::vector<Offset> offsets;
  for (int dy = -most; dy <= most; ++dy) {
    for (int dx = -most; dx <= most; ++dx) {
      if (dy != 0 || dx != 0) offsets.push_back({dy, dx});
    }
  }
  return offsets;
}

// Picture i of `from`, moved down and to the right by the offset.
void move_picture(const Images& from, int i, Offset offset, Images& to) {
  const std::span<const uint8_t> picture = from.image(i);
  uint8_t* out = to.pixels.data() + i * to.image_bytes();
  for (int channel = 0; channel < from.channels; ++channel) {
    for (int y = 0; y < from.height; ++y) {
      const int row = channel * from.height + std::clamp(y - offset.dy, 0, from.height - 1);
      for (int x = 0; x < from.width; ++x) {
        const int column = std::clamp(x - offset.dx, 0, from.width - 1);
        *out++ = picture[static_cast<size_t>(row) * static_cast<size_t>(from.width) +
                         static_cast<size_t>(column)];
      }
    }
  }
}

int likeliest(const Prediction& prediction) {
  return top_classes(prediction.probabilities, 1).front();
}

}  // namespace

Images moved_pictures(const Images& images, int most) {
  require(most >= 1 && most < std::min(images.height, images.width),
          "expected a shift of 1 to {} pixels, got {}", std::min(images.height, images.width) - 1,
          most);
  const std::vector<Offset> offsets = offsets_up_to(most);
  Images moved = images;
  for (int i = 0; i < images.count(); ++i) {
    move_picture(images, i, offsets[static_cast<size_t>(i) % offsets.size()], moved);
  }
  return moved;
}

double same_class_share(const std::vector<Prediction>& a, const std::vector<Prediction>& b) {
  require(a.size() == b.size() && !a.empty(),
          "expected predictions for the same pictures, got {} "
          "and {}",
          a.size(), b.size());
  size_t same = 0;
  for (size_t i = 0; i < a.size(); ++i) same += likeliest(a[i]) == likeliest(b[i]);
  return static_cast<double>(same) / static_cast<double>(a.size());
}

}  // namespace weir
