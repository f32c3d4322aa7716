// How well one map finds one object.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "explain/heat_map.h"
#include "explain/measure/box.h"

namespace weir {

// Where the object of a picture is.
struct ObjectPlace {
  int height = 0, width = 0;  // of the picture
  Box box;
  std::vector<uint8_t> mask;  // row-major (height, width), not 0 on the object; may be empty
};

// The box of Zhou et al. (CVPR 2016): around the largest region of the cells above 20% of the
// highest value; of equally large ones the first. None for a map without a value above 0.
std::optional<Box> object_box(const HeatMap& map);

// The pointing game (Zhang, Lin, Brandt, Shen, Sclaroff, "Top-down neural attention by excitation
// backprop", ECCV 2016), without tolerance: is the highest cell inside? Where several are equally
// high, the share of them that are.
double pointing(const HeatMap& map, const ObjectPlace& place, bool in_mask);

// The energy-based pointing game (Wang et al., "Score-CAM", CVPR 2020 workshop): the sum of the
// positive values inside, divided by that of all; 0 when there are none.
double energy(const HeatMap& map, const ObjectPlace& place, bool in_mask);

// For thresholds 0.00, 0.01, .. 0.99 of the map's range, stretched to 0 .. 1: the best intersection
// over union of the true box with the box of any region (the multi-contour boxes of Choe et al.,
// CVPR 2020). 0 where nothing is above the threshold, as everywhere on a map of one value.
inline constexpr int kThresholds = 100;
std::array<double, kThresholds> best_overlaps(const HeatMap& map, const Box& truth);

}  // namespace weir
