#include "models/springenberg.h"

#include <vector>

#include "core/base/error.h"
#include "layers/flatten.h"
#include "layers/pool2d.h"
#include "models/family.h"

namespace weir {
namespace {

std::vector<ConvSpec> stage_convs(const std::string& base, int channels) {
  const ConvSpec five{.channels = channels, .kernel = 5, .padding = 2};
  const ConvSpec three{.channels = channels, .kernel = 3, .padding = 1};
  const ConvSpec one{.channels = channels, .kernel = 1};
  if (base == "A") return {five};
  if (base == "B") return {five, one};
  if (base == "C") return {three, three};
  fail(ErrorKind::kUsage, "unknown base '{}' of the springenberg nets; known: A, B, C", base);
}

}  // namespace

Sequential springenberg(const ModelOptions& options) {
  ConvStack stack(options.in_channels, style_of(options, "all_conv", options.dropout));
  stack.dropout(options.input_dropout);
  for (const int channels : {96, 192}) {
    stack.stage(stage_convs(options.base, scaled(channels, options)),
                MaxPool2d::Options{.kernel_size = 3, .stride = 2, .padding = 1});
  }
  const int channels = scaled(192, options);
  stack.conv({.channels = channels, .kernel = 3});
  stack.conv({.channels = channels, .kernel = 1});
  stack.bare_conv({.channels = options.num_classes, .kernel = 1});
  if (!options.batch_norm) stack.activation();

  Sequential net;
  net.add("features", stack.take());
  net.add("classifier", Sequential{AdaptiveAvgPool2d{1}, Flatten{}});
  return net;
}

}  // namespace weir
