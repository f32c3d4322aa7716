#include "models/head.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

void check_options(const ModelOptions& options, const std::string& word) {
  const ModelOptions unset;
  std::vector<std::string> words;
  for (const HeadWord& row : head_words()) words.emplace_back(row.name);
  require(std::find(words.begin(), words.end(), word) != words.end(),
          "unknown head '{}'{}; known: {}", word, did_you_mean(word, words), join(words));
  require(word == "dense" || options.head_width == unset.head_width,
          "head_width {} belongs to head: dense; head: {} has no hidden layer", options.head_width,
          word);
  require(options.head_width >= 1, "head_width must be at least 1, got {}", options.head_width);
  require(word != "dense" || options.head_convs == 0,
          "head_convs {} belongs to head: gap or gmp; head: dense begins with flatten",
          options.head_convs);
  require(options.head_convs >= 0, "head_convs must be at least 0, got {}", options.head_convs);
}

}  // namespace

const std::vector<HeadWord>& head_words() {
  static const std::vector<HeadWord> words = {
      {"gap", "global average pooling, then one linear layer: takes pictures of any size"},
      {"gmp", "global max pooling, then one linear layer: takes pictures of any size"},
      {"dense", "flatten, then hidden layers: takes pictures of one size"},
  };
  return words;
}

Sequential head_of(const ModelOptions& options, const FeatureShape& maps,
                   const ConvStack::Style& style, const ModelHead& model) {
  const std::string word = options.head.empty() ? model.word : options.head;
  check_options(options, word);
  if (word == "dense") {
    return dense_classifier({.in_features = static_cast<int>(maps.numel()),
                             .hidden = model.hidden,
                             .num_classes = options.num_classes,
                             .act = style.act,
                             .dropout = options.dropout});
  }
  return pooled_classifier(
      {.pooling = word == "gap" ? GlobalPooling::kAverage : GlobalPooling::kMax,
       .channels = maps.c,
       .convs = options.head_convs,
       .num_classes = options.num_classes,
       .style = style,
       .dropout = options.dropout});
}

}  // namespace weir
