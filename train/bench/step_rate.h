// How many pictures a second a network trains on.
#pragma once

#include <cstdint>
#include <vector>

#include "train/bench/batch_source.h"
#include "train/trainer/training_step.h"

namespace weir {

struct StepRate {
  std::vector<double> slices;  // pictures per second of each slice of the time
  int64_t steps = 0;
  double seconds = 0;      // of all slices
  double data_wait_s = 0;  // of these, spent waiting for pictures

  double median() const;
  double spread() const;  // fastest minus slowest slice, divided by the median
};

// Trains for a tenth of `seconds` to warm up, at least two steps, then for about `seconds` more in
// up to ten slices. A slice ends with a step, so a slow network has fewer and longer ones.
StepRate measure_steps(TrainingStep& step, BatchSource& batches, double seconds);

}  // namespace weir
