// A training step taken apart.
#pragma once

#include <vector>

#include "train/bench/batch_source.h"
#include "train/bench/layer_clock.h"

namespace weir {

// Means over the faster half of the steps: they add up, and steps that something else on the
// machine held up do not count.
struct StepProfile {
  std::vector<LayerCost> layers;
  double step_s = 0;  // of a whole step
  double rest_s = 0;  // outside the layers: loss, gradient's norm, update, waiting for pictures
};

// Of a network that takes inputs of this shape, in about `seconds`.
StepProfile profile_steps(TrainingStep& step, Sequential& network, const FeatureShape& input,
                          BatchSource& batches, double seconds);

}  // namespace weir
