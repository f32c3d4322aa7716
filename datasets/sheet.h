// A contact sheet: a few pictures of every class, to look at what a dataset holds.
#pragma once

#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "datasets/image_io.h"

namespace weir {

struct SheetOptions {
  int per_class = 10;  // pictures in a row, the first ones of the class
  int scale = 2;       // screen pixels for a pixel of a picture
};

// One row for each class, with its name. Throws kUsage when an option is below 1, or when the
// sheet would be wider or higher than kMaxPictureSide.
Picture contact_sheet(const Images& images, const std::vector<std::string>& classes,
                      const SheetOptions& options = {});

}  // namespace weir
