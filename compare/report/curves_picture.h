// The learning curves of the nets of a comparison, as pictures.
#pragma once

#include <cstddef>

#include "compare/report/comparison.h"
#include "datasets/image_io.h"

namespace weir {

// The nets of one point of the grid, each the mean of its seeds: validation accuracy (training
// accuracy without validation pictures), six nets to a chart, and with up to six the training loss
// too. Nets without a run are left out; an empty chart when none has one.
Picture draw_mean_curves(const Comparison& comparison, size_t point);

}  // namespace weir
