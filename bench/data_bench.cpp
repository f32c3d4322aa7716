// Batches of CIFAR-10's size as the trainer gets them, and the making of synth10.
#include <memory>
#include <string>

#include "bench/benchmarks.h"
#include "bench/support.h"
#include "core/runtime/philox.h"
#include "datasets/loader.h"
#include "datasets/normalize.h"
#include "datasets/synth10.h"

namespace weir::bench {
namespace {

using benchmark::State;

// Random bytes, enough of them (30 MB) that shuffled pictures come from memory, not from a cache.
Images random_pictures() {
  constexpr int kPictures = 80 * kBatch;
  Images images;
  images.pixels.resize(static_cast<size_t>(kPictures * images.image_bytes()));
  Philox random(1, Purpose::kTest);
  for (uint8_t& pixel : images.pixels) pixel = static_cast<uint8_t>(random.next() >> 24);
  for (int i = 0; i < kPictures; ++i) images.labels.push_back(i % 10);
  return images;
}

const NormalizedImages& pictures() {
  static const std::unique_ptr<NormalizedImages> normalized = [] {
    Images images = random_pictures();
    const Normalizer normalizer = Normalizer::fit(images, {.method = "mean_std"});
    return normalizer.apply(std::move(images));
  }();
  return *normalized;
}

// Nothing computes meanwhile, so this is the assembly itself, the shuffle of each epoch included.
void assemble_batches(State& state, const AugmentOptions& augment) {
  Loader loader(pictures(),
                {.batch_size = kBatch, .shuffle = true, .drop_last = true, .augment = augment});
  Batch batch;
  int epoch = 0;
  for (auto _ : state) {
    if (loader.next(batch)) continue;
    loader.start_epoch(epoch++);
    loader.next(batch);
  }
  count_images(state, kBatch);
}

void make_pictures(State& state) {
  constexpr int kPictures = 256;
  for (auto _ : state) {
    benchmark::DoNotOptimize(make_synth10({.train = kPictures, .test = 0}));
  }
  count_images(state, kPictures);
}

}  // namespace

void add_data_benchmarks() {
  add_row("data/batch/plain", [](State& state) { assemble_batches(state, {}); });
  add_row("data/batch/flip_crop",
          [](State& state) { assemble_batches(state, {.hflip = 0.5f, .crop_padding = 4}); });
  add_row("data/synth10", make_pictures);
}

}  // namespace weir::bench
