#include "train/finetune/start_weights.h"

#include "core/base/error.h"
#include "core/base/names.h"
#include "layers/name_pattern.h"
#include "train/config/config.h"
#include "train/config/emit.h"
#include "train/trained_model.h"
#include "train/trainer/prepared_data.h"

namespace weir {
namespace {

void check_sha256(const TrainedModel& source, const FinetuneConfig& config) {
  if (!config.sha256 || *config.sha256 == source.sha256) return;
  fail(ErrorKind::kData,
       "finetune.weights: {} is another file than the one that finetune.sha256 asks for: it was "
       "trained anew or replaced\n  expected {}\n  found    {}",
       source.file.string(), *config.sha256, source.sha256);
}

// What makes the network of the weights another one: "model.width: 0.25 there, 0.5 here", ..
std::string differences(const TrainedModel& source, const Config& config,
                        const PreparedData& data) {
  std::vector<std::string> words;
  const auto add = [&](const std::string& what, const auto& there, const auto& here) {
    if (there != here) words.push_back(fmt::format("{}: {} there, {} here", what, there, here));
  };
  for (const ConfigDifference& difference : diff(source.config, config)) {
    if (!difference.key.starts_with("model.") || difference.key == "model.init") continue;
    if (difference.key == "model.layers") {
      words.push_back("model.layers differ");
    } else {
      const auto word = [](const std::string& value) { return value.empty() ? "none" : value; };
      add(difference.key, word(difference.a), word(difference.b));
    }
  }
  const ModelCard& card = source.card;
  add("pictures", FeatureShape{.c = card.channels, .h = card.height, .w = card.width}.str(),
      FeatureShape{.c = data.channels, .h = data.height, .w = data.width}.str());
  add("classes", card.classes.size(), data.classes.size());
  return words.empty() ? "nothing in the configuration differs" : join(words, "; ");
}

void check_transfer(const Transfer& transfer, const TrainedModel& source, const Config& config,
                    const PreparedData& data) {
  if (transfer.loaded_count() == 0) {
    fail(ErrorKind::kData, "{}: no layer fits the network here ({}):\n  {}", source.file.string(),
         differences(source, config, data), join(transfer.lines(), "\n  "));
  }
  if (!config.finetune.strict) return;
  try {
    require_complete(transfer);
  } catch (const Error& error) {
    fail(ErrorKind::kData, "finetune.strict: {} ({}): {}", source.file.string(),
         differences(source, config, data), error.what());
  }
}

// Every layer was trained behind the ones in front of it. A new head is behind, a new first layer
// in front of everything.
void warn_of_first_layer(const Transfer& transfer, const std::string& differences,
                         std::vector<std::string>& warnings) {
  const TransferredLayer& first = transfer.layers.front();
  if (!first.source.empty()) return;
  warnings.push_back(
      fmt::format("the first layer, {}, begins anew, so the loaded ones behind it get inputs that "
                  "they do not know ({})",
                  first.layer.path, differences));
}

// A linear layer that has another number of inputs here because the pictures have another size.
void warn_of_size(const Transfer& transfer, const ModelCard& card, const PreparedData& data,
                  std::vector<std::string>& warnings) {
  if (card.height == data.height && card.width == data.width) return;
  for (const auto& [layer, source] : transfer.layers) {
    if (!source.empty() || layer.kind != "Linear") continue;
    for (const LayerState& other : transfer.dropped) {
      if (other.path != layer.path || other.tensors[0].second == layer.tensors[0].second) continue;
      warnings.push_back(fmt::format(
          "{} begins anew: it is made for the {}x{} pictures of the weights, with {} inputs, and "
          "those here are {}x{}, with {}; head gap or gmp takes any size",
          layer.path, card.height, card.width, other.tensors[0].second[1], data.height, data.width,
          layer.tensors[0].second[1]));
    }
  }
}

void warn_of_classes(const Transfer& transfer, const ModelCard& card, const PreparedData& data,
                     std::vector<std::string>& warnings) {
  const bool last_is_loaded = !transfer.layers.back().source.empty();
  if (card.classes == data.classes || !last_is_loaded) return;
  warnings.push_back(fmt::format(
      "{} was loaded, whose outputs were {}, and are {} from here on; finetune.skip=[{}] begins it "
      "anew",
      transfer.layers.back().layer.path, join(card.classes), join(data.classes),
      transfer.layers.back().layer.path));
}

void warn_of_pictures(const TrainedModel& source, const Config& config, const PreparedData& data,
                      std::vector<std::string>& warnings) {
  const Config& before = source.config;
  if (source.card.normalizer.settings() != data.normalizer.settings()) {
    warnings.push_back(fmt::format(
        "the weights know pictures normalised by data.normalize {}, these are normalised by {}",
        before.data.normalize, config.data.normalize));
  }
  const bool same_split =
      before.train.seed == config.train.seed && before.data.val_split == config.data.val_split;
  if (source.card.dataset_sha256 == data.sha256 && data.validation != nullptr && !same_split) {
    warnings.push_back(fmt::format(
        "some of the validation pictures were training pictures of the weights, so val_acc is too "
        "high: train.seed and data.val_split were {} and {} there, and are {} and {} here",
        before.train.seed, before.data.val_split, config.train.seed, config.data.val_split));
  }
}

}  // namespace

StartWeights load_start_weights(Sequential& network, const Config& config,
                                const PreparedData& data) {
  const FinetuneConfig& finetune = config.finetune;
  const TrainedModel source = load_trained_model(finetune.weights.value());
  check_sha256(source, finetune);
  require_fitting(finetune.skip, network.parameters(), "finetune.skip");
  StartWeights start{.file = source.file,
                     .sha256 = source.sha256,
                     .epoch = source.epoch,
                     .transfer = transfer_weights(*source.network, network, finetune.skip),
                     .warnings = {}};
  check_transfer(start.transfer, source, config, data);
  for (const std::string& sentence : start.transfer.ambiguous) {
    start.warnings.push_back("ambiguous: " + sentence);
  }
  warn_of_first_layer(start.transfer, differences(source, config, data), start.warnings);
  warn_of_size(start.transfer, source.card, data, start.warnings);
  warn_of_classes(start.transfer, source.card, data, start.warnings);
  warn_of_pictures(source, config, data, start.warnings);
  return start;
}

std::vector<std::string> describe(const StartWeights& start) {
  std::vector<std::string> lines = {fmt::format("weights of {}, epoch {}, sha256 {}",
                                                start.file.string(), start.epoch, start.sha256)};
  for (std::string& line : start.transfer.lines()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace weir
