// "RUN|WEIGHTS" on a command line: a trained network, ready to predict.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "layers/sequential.h"
#include "train/checkpoint/weights_file.h"
#include "train/config/config.h"

namespace weir {

struct TrainedNetwork {
  std::filesystem::path weights;  // the file
  ModelCard card;
  Config config;  // of the training
  std::unique_ptr<Sequential> network;
  int epoch = 0;
  int classes() const { return static_cast<int>(card.classes.size()); }
};

// The weights file that `path` means: itself, or the best weights of a run folder. Throws kUsage
// when there is nothing of that name, kData when the run has no weights yet.
std::filesystem::path find_weights(const std::string& path);

// Throws kData for a file that is damaged, or whose tensors do not fit its own configuration.
TrainedNetwork load_trained_network(const std::string& path);

}  // namespace weir
