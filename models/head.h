// The head of a named model: one word, the same for each of them (`model.head`).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/classifier.h"
#include "models/model_options.h"

namespace weir {

struct HeadWord {
  std::string_view name;
  std::string_view help;  // one line
};
// gap: global average pooling; gmp: global max pooling; dense: flatten and hidden layers.
const std::vector<HeadWord>& head_words();

// What a model says about its head.
struct ModelHead {
  std::string word;         // that options.head = "" stands for
  std::vector<int> hidden;  // widths, should it be dense
};

// The classifier that options.head asks for, behind maps of this shape, in the style of the model.
// Throws kUsage for an unknown word, with the nearest one, and for options of another head:
// head_width belongs to dense, head_convs to gap and gmp.
Sequential head_of(const ModelOptions& options, const FeatureShape& maps,
                   const ConvStack::Style& style, const ModelHead& model);

}  // namespace weir
