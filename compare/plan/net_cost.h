// What a net costs, and how wide another must be to cost the same.
#pragma once

#include <cstdint>

#include "train/config/config.h"

namespace weir {

struct NetCost {
  int64_t parameters = 0;
  int64_t macs = 0;  // multiply-adds for one picture
};

// Of the configuration's network, for pictures of data.image_size (else 32x32) and ten classes.
// Throws kUsage when it cannot be built.
NetCost net_cost(const Config& config);

// The model.width, in thousandths, that brings `measure` of the network nearest to `goal`. Throws
// kUsage when the model has no width, or none up to 64 reaches the goal.
double width_for(Config config, int64_t NetCost::*measure, int64_t goal);

// How far two costs lie apart, as a share of the larger one.
double cost_gap(int64_t a, int64_t b);

}  // namespace weir
