#include "models/lenet5.h"

#include "models/classifier.h"
#include "models/family.h"

namespace weir {

Sequential lenet5(const ModelOptions& options) {
  const ConvStack::Style style = style_of(options, "max_pool", 0);
  const MaxPool2d::Options pool{.kernel_size = 2};
  ConvStack stack(options.in_channels, style);
  stack.dropout(options.input_dropout);
  stack.stage({{.channels = scaled(6, options), .kernel = 5}}, pool);
  stack.stage({{.channels = scaled(16, options), .kernel = 5}}, pool);

  Sequential net;
  net.add("features", stack.take());
  const int features = static_cast<int>(net.output_shape(input_of(options)).numel());
  net.add("classifier", dense_classifier({.in_features = features,
                                          .hidden = {scaled(120, options), scaled(84, options)},
                                          .num_classes = options.num_classes,
                                          .act = style.act,
                                          .dropout = options.dropout}));
  return net;
}

}  // namespace weir
