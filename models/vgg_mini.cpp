#include "models/vgg_mini.h"

#include "models/family.h"
#include "models/head.h"

namespace weir {

Sequential vgg_mini(const ModelOptions& options) {
  const ConvStack::Style style = style_of(options, "max_pool", 0);
  ConvStack stack(options.in_channels, style);
  stack.dropout(options.input_dropout);
  for (const int channels : {64, 128, 256}) {
    const ConvSpec conv{.channels = scaled(channels, options), .kernel = 3, .padding = 1};
    const bool pools = channels < 256 || options.last_pool;
    stack.stage({conv, conv},
                pools ? std::optional(MaxPool2d::Options{.kernel_size = 2}) : std::nullopt);
  }
  Sequential net;
  net.add("features", stack.take());
  net.add("classifier", head_of(options, net.output_shape(input_of(options)), style,
                                {.word = "gap", .hidden = {options.head_width}}));
  return net;
}

}  // namespace weir
