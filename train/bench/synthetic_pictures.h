// Pictures without meaning, for measuring a network whose data is not here.
#pragma once

#include "datasets/dataset.h"
#include "layers/layer.h"
#include "train/config/config.h"

namespace weir {

// Of a picture as the configuration says it, without looking at the data.
FeatureShape configured_picture(const Config& config);

// Exactly one batch of random pictures of the configured size, with labels in turn.
Dataset make_synthetic_pictures(const Config& config);

}  // namespace weir
