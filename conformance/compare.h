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
// `images` is how inputs and outputs are stored. A result that is `rounded` to BF16 is one that
// passes as a float, rounded once. Rounding is monotone, so it must lie between the two ends of
// what is allowed, each rounded.
struct Stored {
  DType images = DType::kF32;
  bool rounded = false;  // the result too

  bool as_bfloat16() const { return rounded && images == DType::kBF16; }
};
double error_of(float found, float expected, const Tolerance& tolerance, const Stored& stored);

struct WorstError {
  double error = 0;
  size_t at = 0;  // the element; of several equal ones the first
};
// `found` has as many elements as the expectation.
WorstError worst_error(const std::vector<float>& found, const Expectation& expected,
                       const Stored& stored);

// Every element survives the way through bfloat16.
bool fits_bfloat16(const CaseTensor& tensor);

}  // namespace weir
