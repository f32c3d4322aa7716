#include "train/trainer/prepared_data.h"

#include <utility>

#include "core/base/error.h"
#include "datasets/catalog.h"
#include "datasets/split.h"
#include "train/config/data_root.h"

namespace weir {
namespace {

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

SplitPictures split_pictures(Dataset dataset, const Config& config) {
  const int classes = static_cast<int>(dataset.classes.size());
  if (classes < 2) {
    fail(ErrorKind::kData, "{}: training needs at least two classes, found {}", dataset.source,
         classes);
  }
  const int available = dataset.train.count();
  const Split split =
      stratified_split(dataset.train.labels, classes, config.data.val_split, config.train.seed);
  Images validation = subset(dataset.train, split.validation);
  SplitPictures parts{.train = std::move(dataset.train),
                      .validation = std::move(validation),
                      .test = std::move(dataset.test)};
  keep_only(parts.train, split.train);
  if (config.data.limit) {
    keep_only(parts.train, stratified_limit(parts.train.labels, classes, *config.data.limit));
  }
  if (parts.train.count() == 0) {
    fail(ErrorKind::kData, "{}: no training pictures are left: {} in all, data.val_split is {}",
         dataset.source, available, config.data.val_split);
  }
  return parts;
}

PreparedData prepare_data(Dataset dataset, const Config& config) {
  const std::string id = dataset.id, source = dataset.source, sha256 = dataset.sha256;
  const std::vector<std::string> classes = dataset.classes;
  SplitPictures parts = split_pictures(std::move(dataset), config);
  Normalizer normalizer = Normalizer::fit(parts.train, normalize_options(config.data));
  return {.id = id,
          .source = source,
          .sha256 = sha256,
          .classes = classes,
          .channels = parts.train.channels,
          .height = parts.train.height,
          .width = parts.train.width,
          .normalizer = normalizer,
          .train = normalized(normalizer, std::move(parts.train)),
          .validation = normalized(normalizer, std::move(parts.validation)),
          .test = normalized(normalizer, std::move(parts.test))};
}

std::unique_ptr<Loader> training_loader(const PreparedData& data, const Config& config,
                                        DType type) {
  const LoaderOptions options{.batch_size = config.data.batch_size,
                              .shuffle = true,
                              .seed = config.train.seed,
                              .augment = config.data.augment,
                              .type = type};
  return std::make_unique<Loader>(*data.train, options);
}

std::unique_ptr<Loader> evaluation_loader(const NormalizedImages* images, const Config& config) {
  if (images == nullptr) return nullptr;
  return std::make_unique<Loader>(*images, LoaderOptions{.batch_size = config.data.batch_size});
}

}  // namespace weir
