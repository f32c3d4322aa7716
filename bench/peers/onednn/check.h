#pragma once

#include "bench/peers/onednn/settings.h"

namespace weir::peers {

// Compares convolutions in these settings, forward and both gradients, with plain loops in double
// precision, and trains the network on one batch until its loss must have fallen. Prints what it
// finds; false when anything is wrong.
bool check(const Settings& settings);

}  // namespace weir::peers
