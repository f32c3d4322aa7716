#include "train/bench/synthetic_pictures.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/runtime/philox.h"

namespace weir {
namespace {

// Pictures of a folder are resized; all other sets have the size that models assume.
int side_of(const Config& config) {
  return config.data.name == "image_folder" ? config.data.image_size : config.model.in_height;
}

}  // namespace

Dataset make_synthetic_pictures(const Config& config) {
  const int side = side_of(config), classes = config.model.num_classes;
  Dataset set{.id = "synthetic",
              .source = "random numbers",
              .sha256 = "",
              .classes = {},
              .train = {.channels = config.model.in_channels, .height = side, .width = side},
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
