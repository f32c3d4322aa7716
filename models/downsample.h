// How a network halves its maps: one word, the same for every model (`model.downsample`).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

// What stands where a network had its pooling. Springenberg et al. 2015 (arXiv:1412.6806), table 2.
enum class Downsample {
  kPool,      // convolutions, then pooling
  kStrided,   // the pooling goes, and the convolution just before it slides with stride 2
  kConvPool,  // one more convolution, then pooling: as many parameters as kAllConv
  kAllConv,   // the pooling becomes a 3x3 convolution with stride 2 and its own activation
};

struct DownsampleWord {
  std::string_view name;
  Downsample form;
  std::string_view pool;  // kPool, kConvPool: the layer's name in a list, "max_pool2d"
  std::string_view help;  // one line
};
const std::vector<DownsampleWord>& downsample_words();

// Throws kUsage with the nearest word.
const DownsampleWord& downsample_named(const std::string& word);

}  // namespace weir
