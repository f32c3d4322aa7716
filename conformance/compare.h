// How far a result is from what a case expects.
#pragma once

#include <vector>

#include "conformance/case.h"
#include "core/tensor/dtype.h"

namespace weir {

// The error in units of what the tolerance allows: 0 when equal, at most 1 when near enough,
// infinite for what no tolerance covers (other bits of an exact result, a wrong infinity, a NaN on
// one side only). All NaN are the same.
//
// A result that was stored as BF16 is one that passes as F32, rounded once. Rounding is monotone,
// so it must lie between the two ends of what is allowed, each rounded.
double error_of(float found, float expected, const Tolerance& tolerance, DType stored);

struct WorstError {
  double error = 0;
  size_t at = 0;  // the element; of several equal ones the first
};
// `found` has as many elements as the expectation.
WorstError worst_error(const std::vector<float>& found, const Expectation& expected, DType stored);

// Every element survives the way through bfloat16.
bool fits_bfloat16(const CaseTensor& tensor);

}  // namespace weir
