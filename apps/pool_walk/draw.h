// Grids as blocks of text, side by side.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apps/pool_walk/walk.h"

namespace weir {

// Lines that all take `width` columns of the screen, which bytes do not tell: there are colours and
// letters of several bytes in them.
struct TextBlock {
  size_t width = 0;
  std::vector<std::string> lines;
};

// The whole of `values` (the input, or a gradient of it), with the cells that `is_marked` names in
// brackets, and in inverse video where there are colours. Cells outside the map that some window
// looks at are dots.
TextBlock draw_map(const PoolWalk& walk, const Grid& values,
                   const std::function<bool(int y, int x)>& is_marked);

// Row by row up to and with output number `last`; the others are question marks.
TextBlock draw_output(const Grid& values, size_t last);

// Left beside right, each line indented.
std::string side_by_side(const TextBlock& left, const TextBlock& right);
std::string indented(const TextBlock& block);

}  // namespace weir
