// The pieces that explanations are drawn from: a picture, and a map over it.
#pragma once

#include <span>

#include "datasets/image_io.h"
#include "explain/heat_map.h"

namespace weir {

// The picture as RGB, as large as fits into a square of `side`: small pictures with every pixel a
// square, others resized smoothly. Proportions stay.
Picture fitted(const Picture& picture, int side);

// The map, bilinearly resized and in the colours of heat_colour() from its lowest to its highest
// value, over the picture in grey. A map of one value has the lowest colour.
Picture overlaid(const Picture& panel, const HeatMap& map);

// Signed pixels, row-major (channels, height, width), around a middle grey: the largest absolute
// value is black or white. Three channels are RGB; of others the first is shown.
Picture pattern_picture(std::span<const float> values, int channels, int height, int width);

}  // namespace weir
