// The table of `weir bench --layers`.
#pragma once

#include <string>

#include "train/bench/bench.h"

namespace weir {

// A row for each layer, forward and backward side by side: milliseconds for a batch, GFLOP/s and
// GB/s with their shares of what the machine can do.
std::string layer_table(const StepProfile& profile, const Ceilings& ceilings);

}  // namespace weir
