// stripes4: 64 pictures of 8x8 in four classes (stripes that run across, down, and along either
// diagonal), for tests that must learn a set completely in under a second.
#pragma once

#include "datasets/dataset.h"

namespace weir {

// 64 train pictures, 16 of each class, RGB; the test pictures are 64 others. Id "stripes4".
Dataset make_stripes4();

}  // namespace weir
