// Many explanations on one sheet: pairs of pictures with a few words each.
#pragma once

#include <string>
#include <vector>

#include "datasets/image_io.h"

namespace weir {

struct GalleryTile {
  Picture left, right;             // RGB, each fits into a square of GalleryOptions::side
  std::vector<std::string> lines;  // below them
  bool stands_out = false;         // the lines are drawn in a warning colour
};

struct GalleryOptions {
  std::string title;
  int side = 96;  // of each of the two pictures, pixels
  int columns = 4, rows = 8;
};

// One sheet after the other, the tiles in rows. Throws kUsage for a number below 1 or a sheet
// larger than kMaxPictureSide.
std::vector<Picture> draw_gallery(const std::vector<GalleryTile>& tiles,
                                  const GalleryOptions& options = {});

}  // namespace weir
