// The pictures of a run: loaded, split, normalised.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "datasets/loader.h"
#include "datasets/normalize.h"
#include "train/config/config.h"

namespace weir {

struct PreparedData {
  std::string id, source, sha256;
  std::vector<std::string> classes;
  int channels = 3, height = 32, width = 32;
  Normalizer normalizer;  // fitted on `train` only
  // Null where there are no pictures.
  std::unique_ptr<NormalizedImages> train, validation, test;

  int class_count() const { return static_cast<int>(classes.size()); }
};

// The set that config.data names. Throws kData when it is missing, see datasets/catalog.h.
Dataset open_configured_dataset(const Config& config);

struct SplitPictures {
  Images train, validation, test;
};
// Puts data.val_split of the training pictures aside (stratified, by train.seed), then keeps
// data.limit of the others: the validation pictures are the same for every limit. Throws kData for
// fewer than two classes or no training picture.
SplitPictures split_pictures(Dataset dataset, const Config& config);

// Splits, then fits the normaliser on the training pictures and applies it to all.
PreparedData prepare_data(Dataset dataset, const Config& config);

// Batches of training pictures: shuffled and augmented as configured.
std::unique_ptr<Loader> training_loader(const PreparedData& data, const Config& config,
                                        DType type = DType::kF32);
// Batches of `images` in their order, as they are; null for null.
std::unique_ptr<Loader> evaluation_loader(const NormalizedImages* images, const Config& config);

}  // namespace weir
