#include "datasets/synth10.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/runtime/parallel.h"
#include "datasets/synth10_difficulty.h"
#include "datasets/synth10_picture.h"

namespace weir {
namespace {

Images make_split(const Synth10Options& options, Synth10Split split, int count,
                  const Synth10Difficulty& difficulty) {
  constexpr int kImagesPerItem = 64;
  Images images;
  images.pixels.resize(static_cast<size_t>(images.image_bytes()) * count);
  images.labels.resize(count);
  parallel_ranges(count, kImagesPerItem, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const Synth10Sample sample =
          draw_synth10(options.seed, split, static_cast<uint32_t>(i), difficulty);
      std::ranges::copy(sample.pixels, images.pixels.begin() + i * images.image_bytes());
      images.labels[i] = sample.label;
    }
  });
  return images;
}

std::vector<std::string> class_names() {
  std::vector<std::string> names;
  for (const char* shape : {"disc", "square", "triangle", "ring", "cross"}) {
    for (const char* texture : {"striped", "checked"}) {
      names.push_back(std::string(shape) + "_" + texture);
    }
  }
  return names;
}

}  // namespace

Dataset make_synth10(const Synth10Options& options) {
  require(options.train >= 0 && options.test >= 0,
          "synth10: the numbers of pictures must not be negative, found {} train and {} test",
          options.train, options.test);
  const Synth10Difficulty& difficulty = synth10_difficulty(options.difficulty);
  Dataset dataset;
  dataset.id = difficulty.name == "default" ? "synth10-v1" : "synth10-v1-" + difficulty.name;
  dataset.source = "built in";
  dataset.classes = class_names();
  dataset.train = make_split(options, Synth10Split::kTrain, options.train, difficulty);
  dataset.test = make_split(options, Synth10Split::kTest, options.test, difficulty);
  dataset.sha256 = fingerprint(dataset.train, dataset.test);
  return dataset;
}

Synth10Sample synth10_sample(uint64_t seed, Synth10Split split, uint32_t index,
                             const std::string& difficulty) {
  return draw_synth10(seed, split, index, synth10_difficulty(difficulty));
}

}  // namespace weir
