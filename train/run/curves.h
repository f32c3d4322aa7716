// The learning curves of a run as a picture.
#pragma once

#include <string>
#include <vector>

#include "datasets/image_io.h"
#include "train/run/epoch_row.h"

namespace weir {

// Loss and accuracy over the epochs, training and validation.
Picture draw_curves(const std::string& title, const std::vector<EpochRow>& rows);

}  // namespace weir
