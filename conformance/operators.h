// Operators that a layer alone does not show: those with indices, and those that draw, or take
// indices, where the case says which.
#pragma once

#include <cstdint>
#include <vector>

#include "conformance/case.h"
#include "core/autograd/variable.h"

namespace weir {

// The case gives random numbers or indices, which a layer does not take.
bool takes_more_than_x(const ConformanceCase& c);

struct OperatorOutput {
  Variable y;
  Tensor indices;  // I32 images, or undefined
};
// With what the case gives. Throws kUsage for an operator that has neither.
OperatorOutput run_operator(const ConformanceCase& c, const Variable& x);

// Of I32 images.
std::vector<int64_t> row_major_indices(const Tensor& indices);

}  // namespace weir
