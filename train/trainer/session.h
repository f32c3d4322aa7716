// Everything of one training run that is alive at the same time.
#pragma once

#include <memory>
#include <optional>

#include "core/runtime/step_memory.h"
#include "train/checkpoint/weights_file.h"
#include "train/finetune/start_weights.h"
#include "train/observer.h"
#include "train/run/run_folder.h"
#include "train/schedule/schedule.h"
#include "train/trainer/prepared_data.h"
#include "train/trainer/training_state.h"

namespace weir {

enum class Beginning {
  kNew,
  kResumed,  // a saved state will be read: finetune.weights are not looked for
};

// Loaders refer to the data, so a session stays where it was made.
struct Session {
  // Prepares the pictures, builds the network with its initial weights, the optimizer and the
  // schedule. Writes nothing.
  Session(const Config& asked, Dataset dataset, Beginning beginning = Beginning::kNew);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Config config;  // settled, and finetune.sha256 filled in
  PreparedData data;
  std::optional<StartWeights> start;  // of a new run that begins with trained weights
  TrainingState state;
  std::unique_ptr<Loader> train_loader;
  std::unique_ptr<Loader> validation_loader;  // null without validation pictures
  Schedule schedule;
  StepMemory memory;
  RunInfo info;
};

// What the weights files of this run say about themselves. Keys that cannot change the weights
// (train.test, train.threads, train.resume, output, and finetune.weights, which finetune.sha256
// identifies) are left at their defaults, so that equal trainings write equal files.
ModelCard model_card(const Session& session);

// What the state is compared with when resuming.
StateOrigin state_origin(const Session& session);

}  // namespace weir
