#include "apps/trained_network.h"

#include <utility>

#include "apps/config_arguments.h"
#include "core/base/error.h"
#include "train/checkpoint/named_tensors.h"
#include "train/config/load.h"
#include "train/trainer/network.h"

namespace weir {
namespace fs = std::filesystem;

fs::path find_weights(const std::string& path) {
  require_exists(path);
  if (!fs::is_directory(path)) return path;
  const fs::path best = fs::path(path) / "weights" / "best.safetensors";
  if (!fs::exists(best)) {
    fail(ErrorKind::kData,
         "{} holds no weights/best.safetensors; expected a run folder with a finished epoch", path);
  }
  return best;
}

TrainedNetwork load_trained_network(const std::string& path) {
  const fs::path file = find_weights(path);
  LoadedWeights loaded = read_weights(file);
  const ModelCard& card = loaded.card;
  Config config = load_config_text(card.config, file.string()).config;
  std::unique_ptr<Sequential> network = build_network(
      config, card.channels, card.height, card.width, static_cast<int>(card.classes.size()));
  load_network(*network, loaded.network);
  return {.weights = file,
          .card = std::move(loaded.card),
          .config = std::move(config),
          .network = std::move(network),
          .epoch = loaded.epoch};
}

}  // namespace weir
