// What a layer of its own does not show: the indices of maxima.
#pragma once

#include <cstdint>
#include <vector>

#include "conformance/case.h"
#include "core/tensor/tensor.h"

namespace weir {

// Row-major. Throws kUsage for an operator without indices.
std::vector<int64_t> indices_of(const ConformanceCase& c, const Tensor& x);

}  // namespace weir
