// The parts of a map above a threshold.
#pragma once

#include <vector>

#include "explain/heat_map.h"
#include "explain/measure/box.h"

namespace weir {

// Cells that touch, also at a corner.
struct Region {
  Box box;
  int cells = 0;
};

// Of the cells strictly above the threshold, in the order of their first cells, row by row.
std::vector<Region> regions_above(const HeatMap& map, float threshold);

}  // namespace weir
