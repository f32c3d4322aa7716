// One explanation as a picture: what was seen, where, and in which numbers.
#pragma once

#include <string>
#include <vector>

#include "datasets/image_io.h"
#include "explain/method.h"

namespace weir {

struct FigureOptions {
  std::vector<std::string> lines;  // above it, the first one bold
  int side = 256;                  // of a panel, pixels
};

// The picture, the map over it, for a deconvnet its pattern, and a colour bar with the map's lowest
// and highest value, and 0 where it lies between. Throws kUsage for a side below 16.
Picture draw_figure(const Picture& picture, const Explanation& explanation,
                    const FigureOptions& options = {});

}  // namespace weir
