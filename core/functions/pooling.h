// A pooling of maps of one size, checked: what its options are to the kernels.
#pragma once

#include <string_view>

#include "core/functions/pool2d.h"
#include "core/kernels/pool.h"

namespace weir {

struct Pooling {
  std::string_view name;  // of the function
  kernels::PoolOp op;
  kernels::PoolGeometry geometry;
};

// Of (h, w) maps. Throws as window_of() does, and for a divisor_override below 1.
Pooling pooling_of(const MaxPool2dOptions& options, int h, int w);
Pooling pooling_of(const AvgPool2dOptions& options, int h, int w);
Pooling pooling_of(const Pool2dOptions& options, int h, int w);

}  // namespace weir
