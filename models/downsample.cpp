#include "models/downsample.h"

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {

const std::vector<DownsampleWord>& downsample_words() {
  static const std::vector<DownsampleWord> words = {
      {"max_pool", Downsample::kMaxPool, "max pooling"},
      {"avg_pool", Downsample::kAvgPool, "average pooling"},
      {"strided", Downsample::kStrided, "no pooling: the convolution before it gets its stride"},
      {"conv_pool", Downsample::kConvPool, "one more 3x3 convolution, then max pooling"},
      {"all_conv", Downsample::kAllConv, "a 3x3 convolution with stride 2 in place of the pooling"},
  };
  return words;
}

Downsample downsample_named(const std::string& word) {
  std::vector<std::string> names;
  for (const DownsampleWord& row : downsample_words()) {
    if (row.name == word) return row.value;
    names.emplace_back(row.name);
  }
  fail(ErrorKind::kUsage, "unknown downsample '{}'{}; known: {}", word, did_you_mean(word, names),
       join(names));
}

}  // namespace weir
