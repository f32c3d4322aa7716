// Computes a case: with the layer of its word, or where the case gives random numbers or indices,
// which a layer does not take, with its function.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/case.h"
#include "core/tensor/dtype.h"
#include "core/window.h"

namespace weir {

// Row-major, as in the case.
struct CaseResult {
  CaseTensor output, input_gradient;
  std::map<std::string, CaseTensor> parameter_gradients;
  std::vector<int64_t> indices;    // where the case has any
  std::optional<Window2d> window;  // that the layer slides over the input
};

// Stores images as `storage`: F32 or BF16. Throws what the layer throws, and kUsage when the layer
// does not have the case's parameters.
CaseResult run_case(const ConformanceCase& c, DType storage);

}  // namespace weir
