#include "datasets/normalized_images.h"

#include <cstddef>
#include <cstdint>

namespace weir {

std::vector<float> NormalizedImages::image(int i) const {
  std::vector<float> values(static_cast<size_t>(int64_t{channels()} * height() * width()));
  float* out = values.data();
  for (int c = 0; c < channels(); ++c) {
    for (int y = 0; y < height(); ++y, out += width()) row(i, c, y, out);
  }
  return values;
}

}  // namespace weir
