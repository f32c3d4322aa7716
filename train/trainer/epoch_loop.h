// One epoch of training: batches in, updates out.
#pragma once

#include <atomic>

#include "core/runtime/step_memory.h"
#include "datasets/loader.h"
#include "train/config/config.h"
#include "train/observer.h"
#include "train/run/step_log.h"
#include "train/schedule/schedule.h"
#include "train/trainer/training_state.h"

namespace weir {

struct EpochSetup {
  const Config& config;
  const Schedule& schedule;
  Loader& loader;
  StepMemory& memory;
  TrainObserver& observer;
  StepLog* steps = nullptr;                 // null: none is written
  const std::atomic<bool>* stop = nullptr;  // null: never
  int most_batches = 0;                     // 0: the whole epoch
};

// Trains from state.progress.batch to the end of epoch state.progress.epoch, and keeps
// state.progress up to date. False when `stop` ended it early: the step under way was finished, and
// a state written now resumes exactly here. Throws kTraining for NaN or infinity.
bool train_epoch(TrainingState& state, const EpochSetup& setup);

}  // namespace weir
