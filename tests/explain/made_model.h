// Networks with known weights, as trained models.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/runtime/philox.h"
#include "core/tensor/layout.h"
#include "layers/layers.h"
#include "tests/support/fill.h"
#include "train/trained_model.h"

namespace weir::testing {

// Random weights, biases too.
inline void fill_parameters(Sequential& net, uint32_t stream) {
  for (NamedParameter& parameter : net.parameters()) {
    Tensor& value = parameter.variable.value();
    const std::vector<float> random = random_values(value.numel(), stream++);
    std::copy(random.begin(), random.end(), value.data());
  }
}

// Bytes of random pictures, labels 0, 1, .. in turn.
inline Images random_pictures(int count, int classes, int height, int width, uint32_t stream) {
  Images images{.channels = 3, .height = height, .width = width};
  Philox random(9, Purpose::kTest, stream);
  for (int64_t i = 0; i < count * images.image_bytes(); ++i) {
    images.pixels.push_back(static_cast<uint8_t>(random.below(256)));
  }
  for (int i = 0; i < count; ++i) images.labels.push_back(i % classes);
  return images;
}

// For pictures (3, height, width); pixels become x / 255.
inline TrainedModel made_model(Sequential net, std::vector<std::string> classes, int height,
                               int width) {
  const Images some = random_pictures(2, 2, height, width, 1);
  ModelCard card{.config = "{}",
                 .classes = std::move(classes),
                 .dataset_id = "made",
                 .dataset_sha256 = "",
                 .dataset_source = "",
                 .channels = 3,
                 .height = height,
                 .width = width,
                 .normalizer = Normalizer::fit(some, {.method = "none"})};
  return {.card = std::move(card),
          .config = {},
          .network = std::make_unique<Sequential>(std::move(net)),
          .epoch = 1,
          .choices = {}};
}

// Row-major (N, C, H, W) values with named places, for slow oracles.
struct Values {
  int n, c, h, w;
  std::vector<float> at_;
  explicit Values(const Tensor& images)
      : n(images.n()), c(images.c()), h(images.h()), w(images.w()), at_(nchw_from_images(images)) {}
  float at(int image, int channel, int y, int x) const {
    return at_[((size_t(image) * c + channel) * h + y) * w + x];
  }
};

}  // namespace weir::testing
