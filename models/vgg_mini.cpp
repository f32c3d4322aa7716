#include "models/vgg_mini.h"

#include "core/base/error.h"
#include "core/base/names.h"
#include "models/classifier.h"
#include "models/family.h"

namespace weir {
namespace {

Sequential head_of(const ModelOptions& options, const FeatureShape& features,
                   const std::string& act) {
  if (options.head.empty() || options.head == "gap") {
    require(options.head_width == ModelOptions{}.head_width,
            "head_width {} belongs to head: dense; head: gap has no hidden layer",
            options.head_width);
    return gap_classifier(features.c, options.num_classes, options.dropout);
  }
  const std::vector<std::string> known = {"gap", "dense"};
  require(options.head == "dense", "unknown head '{}'{}; known: {}", options.head,
          did_you_mean(options.head, known), join(known));
  require(options.head_width >= 1, "head_width must be at least 1, got {}", options.head_width);
  return dense_classifier({.in_features = static_cast<int>(features.numel()),
                           .hidden = {options.head_width},
                           .num_classes = options.num_classes,
                           .act = act,
                           .dropout = options.dropout});
}

}  // namespace

Sequential vgg_mini(const ModelOptions& options) {
  const ConvStack::Style style = style_of(options, "max_pool", 0);
  ConvStack stack(options.in_channels, style);
  stack.dropout(options.input_dropout);
  for (const int channels : {64, 128, 256}) {
    const ConvSpec conv{.channels = scaled(channels, options), .kernel = 3, .padding = 1};
    stack.stage({conv, conv}, {.kernel_size = 2});
  }
  Sequential net;
  net.add("features", stack.take());
  net.add("classifier", head_of(options, net.output_shape(input_of(options)), style.act));
  return net;
}

}  // namespace weir
