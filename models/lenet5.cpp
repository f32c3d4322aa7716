#include "models/lenet5.h"

#include "models/family.h"
#include "models/head.h"

namespace weir {

Sequential lenet5(const ModelOptions& options) {
  const ConvStack::Style style = style_of(options, "max_pool", 0);
  const MaxPool2d::Options pool{.kernel_size = 2};
  ConvStack stack(options.in_channels, style);
  stack.dropout(options.input_dropout);
  stack.stage({{.channels = scaled(6, options), .kernel = 5}}, pool);
  stack.stage({{.channels = scaled(16, options), .kernel = 5}},
              options.last_pool ? std::optional(pool) : std::nullopt);

  Sequential net;
  net.add("features", stack.take());
  net.add("classifier",
          head_of(options, net.output_shape(input_of(options)), style,
                  {.word = "dense", .hidden = {scaled(120, options), scaled(84, options)}}));
  return net;
}

}  // namespace weir
