// Pictures without meaning, for measuring a network whose data is not here.
#pragma once

#include "datasets/dataset.h"
#include "train/config/config.h"

namespace weir {

// Exactly one batch of random pictures of the configured size, with labels in turn.
Dataset make_synthetic_pictures(const Config& config);

}  // namespace weir
