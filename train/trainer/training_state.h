// Everything that changes while a network is trained, and its file.
//
// state.safetensors is the one truth for resuming: it alone holds the weights, the optimizer, the
// average, the best weights and the progress of the same moment, and it is replaced in one atomic
// step. The files under weights/ are copies for use, so it does not matter when a process dies.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "layers/sequential.h"
#include "train/ema.h"
#include "train/optimizer/optimizer.h"
#include "train/trainer/progress.h"

namespace weir {

struct TrainingState {
  std::unique_ptr<Sequential> network;
  std::unique_ptr<Optimizer> optimizer;
  std::unique_ptr<Ema> ema;       // null without train.ema_decay
  std::vector<NamedTensor> best;  // the weights of progress.best.epoch, as they are evaluated
  Progress progress;
};

// What a state belongs to; resuming compares it.
struct StateOrigin {
  std::string config;  // resolved YAML
  std::string dataset_sha256;
};

void write_state(const std::filesystem::path& path, TrainingState& state,
                 const StateOrigin& origin);

// What a state says about itself. Throws kData when the file is damaged or no state.
struct StateSummary {
  StateOrigin origin;
  Progress progress;
};
StateSummary read_state_summary(const std::filesystem::path& path);

// Restores a state into one of the same network and optimizer. Throws kData when they differ.
void read_state(const std::filesystem::path& path, TrainingState& state);

}  // namespace weir
