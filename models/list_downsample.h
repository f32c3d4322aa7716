// Words about downsampling applied to an explicit list of layers.
#pragma once

#include <string>
#include <vector>

#include "models/model_options.h"

namespace weir {

// Rewrites each max_pool2d and avg_pool2d of stride above 1 as `word` says (models/downsample.h);
// "" changes nothing. New convolutions are 3x3, keep the channels, and have the batch norm and
// activation of the convolution before them. With `average` those of all_conv begin as the average
// of the pooling's window.
// Throws kUsage for an unknown word, or when a pooling has no conv2d before it.
std::vector<LayerSpec> with_downsample(const std::vector<LayerSpec>& layers,
                                       const std::string& word, bool average = false);

// Without the last max_pool2d or avg_pool2d of stride above 1. Throws kUsage when there is none.
std::vector<LayerSpec> without_last_pool(std::vector<LayerSpec> layers);

}  // namespace weir
