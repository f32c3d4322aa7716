// Maps that know nothing of the picture: what a measure gives away.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "explain/heat_map.h"
#include "explain/measure/map_scores.h"

namespace weir {

// As many cells as `like`, each uniform in [0, 1): a function of seed and picture.
HeatMap random_map(const HeatMap& like, uint64_t seed, int picture);

// The same box in the middle of every picture: 1 inside, 0 outside. Its sides are the mean sides of
// the true boxes of the held-out pictures (explain/measure/localization.h), rounded.
std::vector<HeatMap> centre_boxes(std::span<const ObjectPlace> places);

}  // namespace weir
