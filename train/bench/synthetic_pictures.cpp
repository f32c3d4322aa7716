#include "train/bench/synthetic_pictures.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/runtime/philox.h"

namespace weir {
// Pictures of a folder are resized; those of all other sets have the size that models assume.
FeatureShape configured_picture(const Config& config) {
  const ModelOptions& model = config.model;
  const int side = config.data.image_size;
  if (config.data.name == "image_folder") return {.c = model.in_channels, .h = side, .w = side};
  return {.c = model.in_channels, .h = model.in_height, .w = model.in_width};
}

Dataset make_synthetic_pictures(const Config& config) {
  const FeatureShape picture = configured_picture(config);
  const int classes = config.model.num_classes;
  Dataset set{.id = "synthetic",
              .source = "random numbers",
              .sha256 = "",
              .classes = {},
              .train = {.channels = picture.c, .height = picture.h, .width = picture.w},
              .test = {}};
  for (int label = 0; label < classes; ++label) set.classes.push_back(fmt::format("{}", label));
  for (int i = 0; i < config.data.batch_size; ++i) set.train.labels.push_back(i % classes);
  Philox random(1, Purpose::kSynthetic);
  set.train.pixels.resize(static_cast<size_t>(config.data.batch_size * set.train.image_bytes()));
  std::generate(set.train.pixels.begin(), set.train.pixels.end(),
                [&] { return static_cast<uint8_t>(random.next() >> 24); });
  return set;
}

}  // namespace weir
