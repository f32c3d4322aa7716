// One step of training: a batch in, an update of the weights out.
#pragma once

#include <vector>

#include "core/runtime/step_memory.h"
#include "datasets/loader.h"
#include "train/config/config.h"
#include "train/guard/finite_watch.h"
#include "train/schedule/schedule.h"
#include "train/trainer/training_state.h"

namespace weir {

// Who is told what happens inside; null: nobody.
struct StepObservers {
  LayerObserver* forward = nullptr;
  TapeObserver* backward = nullptr;
};

class TrainingStep {
 public:
  // For the epoch under way: freezes what config.finetune says. All must outlive the object. What a
  // step allocates is planned in `memory`.
  TrainingStep(TrainingState& state, const Config& config, const Schedule& schedule,
               StepMemory& memory);

  // Forward, loss, backward, update; state.progress counts the step and its scores, not its time.
  // Throws kTraining for NaN or infinity, before it reaches the weights.
  StepState run(const Batch& batch, const StepObservers& observers = {});

 private:
  double forward_and_backward(const Batch& batch, const StepContext& context,
                              TapeObserver* observer);
  void update_weights(const StepState& now);

  TrainingState& state_;
  const Config& config_;
  const Schedule& schedule_;
  StepMemory& memory_;
  std::vector<NamedParameter> parameters_;
};

}  // namespace weir
