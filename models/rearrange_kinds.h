// The readers of layers that pick or move elements by index; their rows are in layer_kinds.cpp.
#pragma once

#include "models/layer_kinds.h"

namespace weir {

LayerMaker read_adaptive_max_pool2d(SpecReader& reader);
LayerMaker read_fractional_max_pool2d(SpecReader& reader);
LayerMaker read_max_unpool2d(SpecReader& reader);
LayerMaker read_pixel_shuffle(SpecReader& reader);
LayerMaker read_pixel_unshuffle(SpecReader& reader);
LayerMaker read_reflection_pad2d(SpecReader& reader);
LayerMaker read_spatial_pyramid_pool2d(SpecReader& reader);

}  // namespace weir
