#include "datasets/stripes4.h"

#include <array>

#include "core/runtime/philox.h"

namespace weir {
namespace {

constexpr int kSide = 8, kPictures = 64, kPeriod = 4;

// Stripes two pixels wide. Their direction is the class; phase, colours and noise vary.
void draw(int label, Philox random, uint8_t* pixels) {
  const int phase = static_cast<int>(random.below(kPeriod));
  for (int channel = 0; channel < 3; ++channel) {
    const uint32_t dark = 30 + random.below(60), light = 160 + random.below(60);
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const std::array<int, 4> along = {y, x, x + y, x - y + kSide};
        const bool is_light = (along[label] + phase) % kPeriod < kPeriod / 2;
        *pixels++ = static_cast<uint8_t>((is_light ? light : dark) + random.below(30));
      }
    }
  }
}

Images make_split(uint32_t split) {
  Images images{.channels = 3, .height = kSide, .width = kSide};
  images.pixels.resize(static_cast<size_t>(images.image_bytes()) * kPictures);
  for (int i = 0; i < kPictures; ++i) {
    images.labels.push_back(i % 4);
    draw(i % 4, Philox(4, Purpose::kSynthetic, static_cast<uint32_t>(i), split),
         images.pixels.data() + i * images.image_bytes());
  }
  return images;
}

}  // namespace

Dataset make_stripes4() {
  Dataset dataset{.id = "stripes4",
                  .source = "built in",
                  .classes = {"across", "down", "rising", "falling"},
                  .train = make_split(0),
                  .test = make_split(1)};
  dataset.sha256 = fingerprint(dataset.train, dataset.test);
  return dataset;
}

}  // namespace weir
