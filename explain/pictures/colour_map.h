// Colours for numbers from 0 to 1: dark blue, violet, orange, bright yellow.
#pragma once

#include "datasets/drawing.h"

namespace weir {

// A curve through the CIE 1976 L*a*b* space (white D65) that is walked at an even pace: equal steps
// of `part` look equally far apart. Lightness rises all the way, so that the order can be read in
// grey, and with any kind of colour blindness. Values outside 0 to 1 take the colour of the end.
Colour heat_colour(double part);

}  // namespace weir
