// What a configuration leaves to the machine.
#pragma once

#include "train/config/config.h"

namespace weir {

// `config` with train.precision: auto replaced by the precision that is faster here. A run records
// this one, and so goes on with the same precision on any machine. train.threads: auto stays: it
// changes no result.
Config settled(Config config);

}  // namespace weir
