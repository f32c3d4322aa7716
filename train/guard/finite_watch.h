// Stops training at the first NaN or infinity, before it reaches the weights, and says where it
// came from.
#pragma once

#include <cstdint>
#include <span>

#include "layers/sequential.h"

namespace weir {

// What the step that went wrong looked like.
struct StepState {
  int epoch = 0;     // 1-based
  int64_t step = 0;  // global, 0-based
  double lr = 0, loss = 0, grad_norm = 0;
};

// True when the optimizer may go on.
bool is_finite(const StepState& state);

// Throws kTraining: names the step, the first layer in forward order whose output is not finite for
// this batch (or else the parameter whose value or gradient is not), and advises. Gradients must be
// those of the step; weights those before its update. Runs the network once more.
[[noreturn]] void explain_not_finite(Sequential& network, const Tensor& images,
                                     const StepContext& context, const StepState& state);

}  // namespace weir
