// What the builders of the named models share.
#pragma once

#include <string>

#include "layers/layer.h"
#include "models/conv_stack.h"
#include "models/model_options.h"

namespace weir {

// (in_channels, in_height, in_width)
FeatureShape input_of(const ModelOptions& options);

// channels * width, rounded, at least 1.
int scaled(int channels, const ModelOptions& options);

// The options' own words, or else the model's. `stage_dropout` acts after each stage.
ConvStack::Style style_of(const ModelOptions& options, const std::string& downsample,
                          double stage_dropout);

}  // namespace weir
