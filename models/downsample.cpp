#include "models/downsample.h"

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {

const std::vector<DownsampleWord>& downsample_words() {
  using enum Downsample;
  static const std::vector<DownsampleWord> words = {
      {"max_pool", kPool, "max_pool2d", "max pooling"},
      {"avg_pool", kPool, "avg_pool2d", "average pooling"},
      {"scaled_avg_pool", kPool, "scaled_avg_pool2d", "LeNet-5's learnable average pooling"},
      {"lp_pool", kPool, "lp_pool2d", "the 2-norm of the window"},
      {"lp_mean_pool", kPool, "lp_mean_pool2d", "the root mean square of the window"},
      {"lp_gaussian_pool", kPool, "lp_gaussian_pool2d", "the 2-norm, weighted by a Gaussian"},
      {"gem_pool", kPool, "gem_pool2d", "the mean of powers with a learnable exponent"},
      {"log_sum_exp_pool", kPool, "log_sum_exp_pool2d", "a smooth maximum"},
      {"soft_pool", kPool, "soft_pool2d", "the mean, weighted by a softmax"},
      {"stochastic_pool", kPool, "stochastic_pool2d", "one input of the window, drawn at random"},
      {"mixed_pool", kPool, "mixed_pool2d", "a learnable mixture of max and average"},
      {"random_mixed_pool", kPool, "random_mixed_pool2d", "max or average, by a coin"},
      {"gated_pool", kPool, "gated_pool2d", "a mixture of max and average that sees the window"},
      {"fractional_max_pool", kPool, "fractional_max_pool2d", "max pooling of random regions"},
      {"blur_pool", kPool, "blur_pool2d", "a binomial filter, then stride 2"},
      {"max_blur_pool", kPool, "max_blur_pool2d", "maximum at stride 1, then blur_pool"},
      {"space_to_depth", kPool, "pixel_unshuffle", "2x2 pixels become channels: nothing is lost"},
      {"strided", kStrided, "", "no pooling: the convolution before it gets its stride"},
      {"conv_pool", kConvPool, "max_pool2d", "one more 3x3 convolution, then max pooling"},
      {"all_conv", kAllConv, "", "a 3x3 convolution with stride 2 in place of the pooling"},
  };
  return words;
}

const DownsampleWord& downsample_named(const std::string& word) {
  std::vector<std::string> names;
  for (const DownsampleWord& row : downsample_words()) {
    if (row.name == word) return row;
    names.emplace_back(row.name);
  }
  fail(ErrorKind::kUsage, "unknown downsample '{}'{}; known: {}", word, did_you_mean(word, names),
       join(names));
}

}  // namespace weir
