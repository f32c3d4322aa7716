#include "train/trained_model.h"

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/names.h"
#include "datasets/image_planes.h"
#include "datasets/resize.h"
#include "train/checkpoint/named_tensors.h"
#include "train/config/load.h"
#include "train/measured_kernels.h"
#include "train/trainer/network.h"

namespace weir {
namespace fs = std::filesystem;
namespace {

constexpr int kRgb = 3;

fs::path weights_path(const fs::path& path) {
  if (!fs::is_directory(path)) return path;
  const fs::path best = path / "weights" / "best.safetensors";
  if (!fs::exists(best)) {
    fail(ErrorKind::kData,
         "{} holds no weights/best.safetensors: expected the folder of a run that has finished an "
         "epoch, or a weights file",
         path.string());
  }
  return best;
}

Images& choose(SplitPictures& parts, const std::string& split) {
  if (split == "train") return parts.train;
  if (split == "val") return parts.validation;
  if (split == "test") return parts.test;
  const std::vector<std::string> known{"train", "val", "test"};
  fail(ErrorKind::kUsage, "unknown split '{}'{}; known: {}", split, did_you_mean(split, known),
       join(known));
}

void check_classes(const TrainedModel& model, const Dataset& dataset) {
  if (dataset.classes == model.card.classes) return;
  fail(ErrorKind::kData, "{} has the classes {}; the network was trained for {}", dataset.source,
       join(dataset.classes), join(model.card.classes));
}

}  // namespace

TrainedModel load_trained_model(const fs::path& path) {
  const fs::path file = weights_path(path);
  LoadedWeights weights = read_weights(file);
  TrainedModel model{.card = std::move(weights.card),
                     .file = file,
                     .sha256 = std::move(weights.sha256),
                     .epoch = weights.epoch};
  try {
    const ModelCard& card = model.card;
    model.config = load_config_text(card.config, file.string()).config;
    model.network = build_network(model.config, card.channels, card.height, card.width,
                                  static_cast<int>(card.classes.size()));
    load_network(*model.network, weights.network);
  } catch (const Error& error) {
    fail(ErrorKind::kData, "{}: {}", file.string(), error.what());
  }
  model.choices = evaluation_choices(model.config, file.parent_path().parent_path());
  return model;
}

Images fit_pictures(const TrainedModel& model, std::span<const Picture> pictures) {
  require(model.card.channels == kRgb, "the network takes {} channels, pictures have {}",
          model.card.channels, kRgb);
  const ResizeMethod method = resize_method(model.config.data.resize);
  const int height = model.card.height, width = model.card.width;
  Images images{.channels = kRgb, .height = height, .width = width};
  for (const Picture& picture : pictures) {
    const bool fits = picture.width == width && picture.height == height;
    append_picture(fits ? picture : resize(picture, width, height, method), 0, images);
  }
  return images;
}

std::vector<std::vector<float>> predict(TrainedModel& model, Images images) {
  std::vector<std::vector<float>> probabilities;
  if (images.count() == 0) return probabilities;
  for (Prediction& prediction : evaluate_pictures(model, std::move(images)).predictions) {
    probabilities.push_back(std::move(prediction.probabilities));
  }
  return probabilities;
}

PreparedData training_data(const TrainedModel& model, Dataset dataset) {
  check_classes(model, dataset);
  const std::string id = dataset.id, source = dataset.source, sha256 = dataset.sha256;
  Images pictures = split_pictures(std::move(dataset), model.config).train;
  return {.id = id,
          .source = source,
          .sha256 = sha256,
          .classes = model.card.classes,
          .channels = pictures.channels,
          .height = pictures.height,
          .width = pictures.width,
          .normalizer = model.card.normalizer,
          .train = model.card.normalizer.apply(std::move(pictures)),
          .validation = nullptr,
          .test = nullptr};
}

Images pictures_of_split(const TrainedModel& model, Dataset dataset, const std::string& split) {
  check_classes(model, dataset);
  if (dataset.sha256 != model.card.dataset_sha256) {
    log_warning("{} holds other pictures than the network was trained on: {} may overlap with them",
                dataset.source, split);
  }
  SplitPictures parts = split_pictures(std::move(dataset), model.config);
  Images& images = choose(parts, split);
  if (images.count() == 0) {
    fail(ErrorKind::kData, "there are no {} pictures: data.val_split is {}", split,
         model.config.data.val_split);
  }
  return std::move(images);
}

Evaluation evaluate_pictures(TrainedModel& model, Images pictures) {
  const kernels::UseConvChoices use_choices(model.choices);
  const std::unique_ptr<NormalizedImages> normalized =
      model.card.normalizer.apply(std::move(pictures));
  const std::unique_ptr<Loader> loader = evaluation_loader(normalized.get(), model.config);
  return evaluate(
      *model.network, *loader,
      {.classes = static_cast<int>(model.card.classes.size()), .keep_predictions = true});
}

Evaluation evaluate_split(TrainedModel& model, Dataset dataset, const std::string& split) {
  return evaluate_pictures(model, pictures_of_split(model, std::move(dataset), split));
}

}  // namespace weir
