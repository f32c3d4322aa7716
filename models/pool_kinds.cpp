#include "models/pool_kinds.h"

#include <limits>
#include <memory>
#include <optional>

#include "layers/adaptive_max_pool2d.h"
#include "layers/blur_pool2d.h"
#include "layers/lp_pool2d.h"
#include "layers/mixed_pool2d.h"
#include "layers/pool2d.h"
#include "layers/scaled_avg_pool2d.h"
#include "layers/soft_pool2d.h"
#include "layers/stochastic_pool2d.h"

namespace weir {
namespace {

PoolSlide read_slide(SpecReader& reader, std::optional<Pair> fallback = std::nullopt) {
  const Pair kernel_size = reader.pair("kernel_size", 1, fallback);
  if (kernel_size == Pair(0)) return {.kernel_size = 0};  // the whole map, which does not slide
  return {.kernel_size = kernel_size,
          .stride = reader.pair("stride", 1, kernel_size),
          .padding = reader.pair("padding", 0, Pair(0)),
          .dilation = reader.pair("dilation", 1, Pair(1)),
          .ceil_mode = reader.flag("ceil_mode", false)};
}

template <class Pool, class Options>
LayerMaker maker(const Options& options) {
  return [=](const FeatureShape&) { return std::make_unique<Pool>(options); };
}

// For layers with parameters of the channels.
template <class Pool, class Options>
LayerMaker maker_by_channels(const Options& options) {
  return [=](const FeatureShape& in) { return std::make_unique<Pool>(in.c, options); };
}

template <class Pool>
LayerMaker read_global(SpecReader&) {
  return [](const FeatureShape&) { return std::make_unique<Pool>(1); };
}

template <LpForm kForm, bool kAbsolute>
LayerMaker read_lp_pool2d(SpecReader& reader) {
  LPPool2d::Options options{.slide = read_slide(reader),
                            .form = kForm,
                            .p = reader.number("norm_type", 2),
                            .absolute = reader.flag("abs", kAbsolute),
                            .learnable = reader.flag("learnable", false)};
  if constexpr (kForm == LpForm::kGaussian) {
    const float absent = std::numeric_limits<float>::infinity();
    const float sigma = reader.number("sigma", absent);
    if (sigma != absent) options.sigma = sigma;
  }
  return maker<LPPool2d>(options);
}

LayerMaker read_gem_pool2d(SpecReader& reader) {
  const LPPool2d::GeMOptions options{.slide = read_slide(reader, Pair(0)),
                                     .p = reader.number("p", 3),
                                     .eps = reader.number("eps", 1e-6f),
                                     .learnable = reader.flag("learnable", true)};
  return [=](const FeatureShape&) { return std::make_unique<LPPool2d>(LPPool2d::gem(options)); };
}

template <class Pool>
LayerMaker read_smooth(SpecReader& reader) {
  return maker<Pool>(SmoothPool2d::Options{read_slide(reader), reader.number("beta", 1)});
}

LayerMaker read_stochastic_pool2d(SpecReader& reader) {
  const PoolSlide slide = read_slide(reader);
  const bool softmax = reader.choice("probability", {"relu", "softmax"}) == 1;
  return maker<StochasticPool2d>(
      StochasticPool2d::Options{slide, softmax ? StochasticOdds::kSoftmax : StochasticOdds::kRelu});
}

// `words` are those of MixedPer, in its order, as far as they make sense.
MixedPer read_per(SpecReader& reader, const std::vector<std::string>& words) {
  return static_cast<MixedPer>(reader.choice("per", words));
}

template <class Pool>
LayerMaker read_learned_mixture(SpecReader& reader) {
  const PoolSlide slide = read_slide(reader);
  return maker_by_channels<Pool>(
      typename Pool::Options{slide, read_per(reader, {"layer", "channel"})});
}

LayerMaker read_random_mixed_pool2d(SpecReader& reader) {
  const PoolSlide slide = read_slide(reader);
  return maker<RandomMixedPool2d>(
      RandomMixedPool2d::Options{slide, read_per(reader, {"layer", "channel", "region"})});
}

LayerMaker read_scaled_avg_pool2d(SpecReader& reader) {
  return maker_by_channels<ScaledAvgPool2d>(read_slide(reader));
}

BlurPool2dOptions read_blur(SpecReader& reader) {
  return {.filter_size = reader.integer("filter_size", 1, 3, 7),
          .stride = reader.integer("stride", 1, 2)};
}

LayerMaker read_blur_pool2d(SpecReader& reader) { return maker<BlurPool2d>(read_blur(reader)); }

LayerMaker read_max_blur_pool2d(SpecReader& reader) {
  const int kernel_size = reader.integer("kernel_size", 1, 2);
  const BlurPool2dOptions options = read_blur(reader);
  return [=](const FeatureShape&) { return std::make_unique<MaxBlurPool2d>(kernel_size, options); };
}

}  // namespace

const std::vector<LayerKind>& pool_kinds() {
  static const std::vector<LayerKind> kinds = {
      {"global_avg_pool2d", "", "the average of the whole map", read_global<AdaptiveAvgPool2d>},
      {"global_max_pool2d", "", "the maximum of the whole map", read_global<AdaptiveMaxPool2d>},
      {"lp_pool2d", "kernel_size", "p-norm: (sum x^p)^(1/p)", read_lp_pool2d<LpForm::kSum, false>},
      {"lp_mean_pool2d", "kernel_size", "(mean |x|^p)^(1/p)", read_lp_pool2d<LpForm::kMean, true>},
      {"lp_gaussian_pool2d", "kernel_size", "(sum G |x|^p)^(1/p), G a Gaussian",
       read_lp_pool2d<LpForm::kGaussian, true>},
      {"gem_pool2d", "kernel_size", "mean of powers with a learnable p; without kernel_size global",
       read_gem_pool2d},
      {"log_sum_exp_pool2d", "kernel_size", "log(mean e^(beta x)) / beta, a smooth maximum",
       read_smooth<LogSumExpPool2d>},
      {"soft_pool2d", "kernel_size", "the mean, weighted by softmax(beta x)",
       read_smooth<SoftPool2d>},
      {"stochastic_pool2d", "kernel_size", "one input, drawn in training; the mean in evaluation",
       read_stochastic_pool2d},
      {"mixed_pool2d", "kernel_size", "a max + (1 - a) average, a learnable",
       read_learned_mixture<MixedPool2d>},
      {"random_mixed_pool2d", "kernel_size", "max or average by a coin, in training",
       read_random_mixed_pool2d},
      {"gated_pool2d", "kernel_size", "g max + (1 - g) average, g from a filter over the window",
       read_learned_mixture<GatedPool2d>},
      {"scaled_avg_pool2d", "kernel_size", "LeNet-5's: coefficient * average + bias per channel",
       read_scaled_avg_pool2d},
      {"blur_pool2d", "stride", "a binomial filter, then the stride", read_blur_pool2d},
      {"max_blur_pool2d", "kernel_size", "maximum at stride 1, then blur_pool2d",
       read_max_blur_pool2d},
  };
  return kinds;
}

}  // namespace weir
