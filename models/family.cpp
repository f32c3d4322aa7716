#include "models/family.h"

#include <algorithm>
#include <cmath>

namespace weir {

FeatureShape input_of(const ModelOptions& options) {
  return {.c = options.in_channels, .h = options.in_height, .w = options.in_width};
}

int scaled(int channels, const ModelOptions& options) {
  return std::max(1, static_cast<int>(std::lround(channels * options.width)));
}

ConvStack::Style style_of(const ModelOptions& options, const std::string& downsample,
                          double stage_dropout) {
  return {
      .downsample = downsample_named(options.downsample.empty() ? downsample : options.downsample),
      .batch_norm = options.batch_norm,
      .act = options.act.empty() ? "relu" : options.act,
      .dropout = stage_dropout,
      .average = options.downsample_init == "average"};
}

}  // namespace weir
