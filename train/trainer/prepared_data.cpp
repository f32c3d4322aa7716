#include "train/trainer/prepared_data.h"

#include <utility>

#include "core/base/error.h"
#include "datasets/catalog.h"
#include "datasets/split.h"
#include "train/config/data_root.h"

namespace weir {
namespace {

struct TrainAndValidation {
  Images train, validation;
};

TrainAndValidation split_training_pictures(const Images& images, int classes,
                                           const Config& config) {
  const Split split =
      stratified_split(images.labels, classes, config.data.val_split, config.train.seed);
  TrainAndValidation parts{subset(images, split.train), subset(images, split.validation)};
  if (config.data.limit) {
    parts.train =
        subset(parts.train, stratified_limit(parts.train.labels, classes, *config.data.limit));
  }
  return parts;
}

NormalizeOptions normalize_options(const DataConfig& data) {
  return {.method = data.normalize,
          .gcn_scale = static_cast<float>(data.gcn_scale),
          .zca_bias = static_cast<float>(data.zca_bias)};
}

std::unique_ptr<NormalizedImages> normalized(const Normalizer& normalizer, Images images) {
  return images.count() > 0 ? normalizer.apply(std::move(images)) : nullptr;
}

}  // namespace

Dataset open_configured_dataset(const Config& config) {
  const DataConfig& data = config.data;
  return open_dataset(
      {.name = data.name,
       .root = data.root ? find_data_root(*data.root).string() : "",
       .image_folder = {.image_size = data.image_size,
                        .resize = data.resize,
                        .test_split = data.test_split,
                        .seed = config.train.seed},
       .synth10 = {
           .train = data.train_size, .test = data.test_size, .difficulty = data.difficulty}});
}

PreparedData prepare_data(Dataset dataset, const Config& config) {
  const int classes = static_cast<int>(dataset.classes.size());
  if (classes < 2) {
    fail(ErrorKind::kData, "{}: training needs at least two classes, found {}", dataset.source,
         classes);
  }
  TrainAndValidation parts = split_training_pictures(dataset.train, classes, config);
  if (parts.train.count() == 0) {
    fail(ErrorKind::kData, "{}: no training pictures are left: {} in all, data.val_split is {}",
         dataset.source, dataset.train.count(), config.data.val_split);
  }
  Normalizer normalizer = Normalizer::fit(parts.train, normalize_options(config.data));
  return {.id = dataset.id,
          .source = dataset.source,
          .sha256 = dataset.sha256,
          .classes = dataset.classes,
          .channels = parts.train.channels,
          .height = parts.train.height,
          .width = parts.train.width,
          .normalizer = normalizer,
          .train = normalized(normalizer, std::move(parts.train)),
          .validation = normalized(normalizer, std::move(parts.validation)),
          .test = normalized(normalizer, std::move(dataset.test))};
}

std::unique_ptr<Loader> training_loader(const PreparedData& data, const Config& config) {
  const LoaderOptions options{.batch_size = config.data.batch_size,
                              .shuffle = true,
                              .seed = config.train.seed,
                              .augment = config.data.augment};
  return std::make_unique<Loader>(*data.train, options);
}

std::unique_ptr<Loader> evaluation_loader(const NormalizedImages* images, const Config& config) {
  if (images == nullptr) return nullptr;
  return std::make_unique<Loader>(*images, LoaderOptions{.batch_size = config.data.batch_size});
}

}  // namespace weir
