// One case of the conformance suite: an operator, its input, and what must come out. The fields and
// what they mean are described in conformance/README.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor/dtype.h"
#include "models/model_options.h"

namespace weir {

// Row-major; images are (N, C, H, W).
struct CaseTensor {
  std::vector<int> shape;
  std::vector<float> values;

  bool defined() const { return !shape.empty(); }
  bool operator==(const CaseTensor&) const = default;
};

// How near a result must be.
struct Tolerance {
  int roundings = 0;  // 0: equal to the bit
  double scale = 0;   // the largest sum of the magnitudes of what is added up
  int stored = 0;     // intermediate images, which are rounded when images are stored as BF16

  bool exact() const { return roundings == 0; }
  // The largest difference that arithmetic explains, when images are stored as F32 or BF16.
  double absolute(DType images) const {
    const double of_images = images == DType::kBF16 ? stored * 0x1p-8 : 0;
    return (roundings * 0x1p-24 + of_images) * scale;
  }
};

struct Expectation {
  CaseTensor tensor;
  Tolerance tolerance;
  std::vector<size_t> undefined = {};  // elements that may be anything, in increasing order
};

struct ConformanceCase {
  std::string id;    // "max_pool2d/0017"
  std::string note;  // what is special about it
  std::string source;
  LayerSpec layer;  // the operator as an entry of `layers:`
  bool training = true;
  CaseTensor input, upstream;
  std::map<std::string, CaseTensor> parameters;  // by the name that the layer gives them
  std::map<std::string, CaseTensor> random;      // random numbers that the operator shall use
  std::vector<int64_t> input_indices;            // max_unpool2d
  Expectation output, input_gradient;
  std::vector<int64_t> indices;  // empty when the operator has none
  std::map<std::string, Expectation> parameter_gradients;
};

// From one line of a file; `place` starts the message of the kData that it throws for a line that
// is no case.
ConformanceCase parse_case(std::string_view line, const std::string& place);

}  // namespace weir
