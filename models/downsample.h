// How a network halves its maps: one word, the same for every model (`model.downsample`).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

// The names follow Springenberg et al. 2015 (arXiv:1412.6806), table 2.
enum class Downsample {
  kMaxPool,   // convolutions, then max pooling
  kAvgPool,   // convolutions, then average pooling
  kStrided,   // the pooling goes, and the convolution just before it slides with stride 2
  kConvPool,  // one more convolution, then max pooling: as many parameters as kAllConv
  kAllConv,   // the pooling becomes a 3x3 convolution with stride 2 and its own activation
};

struct DownsampleWord {
  std::string_view name;
  Downsample value;
  std::string_view help;  // one line
};
const std::vector<DownsampleWord>& downsample_words();

// Throws kUsage with the nearest word.
Downsample downsample_named(const std::string& word);

}  // namespace weir
