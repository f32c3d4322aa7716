#include "models/layer_kinds.h"

#include <limits>
#include <memory>
#include <utility>

#include <fmt/core.h>

#include "core/base/error.h"
#include "core/base/names.h"
#include "layers/activation.h"
#include "layers/batch_norm2d.h"
#include "layers/conv2d.h"
#include "layers/conv_transpose2d.h"
#include "layers/dropout.h"
#include "layers/flatten.h"
#include "layers/linear.h"
#include "layers/pool2d.h"
#include "models/pool_kinds.h"
#include "models/rearrange_kinds.h"

namespace weir {
namespace {

// A size that follows from the layers before; stating it is allowed, as in PyTorch, and checked.
class Inferred {
 public:
  Inferred(SpecReader& reader, std::string name)
      : name_(std::move(name)),
        stated_(reader.integer(name_, 1, 0, std::numeric_limits<int>::max())) {}
  void check(int64_t actual) const {
    require(stated_ == 0 || stated_ == actual,
            "{} is {}, but the layer before gives {}; leave it out, it is inferred", name_, stated_,
            actual);
  }

 private:
  std::string name_;
  int stated_;  // 0 = not stated
};

template <class T>
LayerMaker read_plain(SpecReader&) {
  return [](const FeatureShape&) { return std::make_unique<T>(); };
}

LayerMaker read_conv2d(SpecReader& reader) {
  const Inferred in_channels(reader, "in_channels");
  const int out_channels = reader.count("out_channels");
  Conv2d::Options options{.kernel_size = reader.pair("kernel_size", 1),
                          .stride = reader.pair("stride", 1, Pair(1)),
                          .padding = reader.pair("padding", 0, Pair(0)),
                          .dilation = reader.pair("dilation", 1, Pair(1)),
                          .groups = reader.integer("groups", 1, 1),
                          .bias = reader.flag("bias", true)};
  const AverageWindow average{.kernel_size = reader.pair("average", 1, Pair(0)),
                              .padding = reader.pair("average_padding", 0, Pair(0))};
  if (average.kernel_size != Pair(0)) options.average = average;
  return [=](const FeatureShape& in) {
    in_channels.check(in.c);
    return std::make_unique<Conv2d>(in.c, out_channels, options);
  };
}

LayerMaker read_conv_transpose2d(SpecReader& reader) {
  const Inferred in_channels(reader, "in_channels");
  const int out_channels = reader.count("out_channels");
  const ConvTranspose2d::Options options{
      .kernel_size = reader.pair("kernel_size", 1),
      .stride = reader.pair("stride", 1, Pair(1)),
      .padding = reader.pair("padding", 0, Pair(0)),
      .output_padding = reader.pair("output_padding", 0, Pair(0)),
      .dilation = reader.pair("dilation", 1, Pair(1)),
      .bias = reader.flag("bias", true)};
  const int groups = reader.integer("groups", 1, 1);
  return [=](const FeatureShape& in) {
    require(groups == 1, "groups: a transposed convolution here has none, got {}", groups);
    in_channels.check(in.c);
    return std::make_unique<ConvTranspose2d>(in.c, out_channels, options);
  };
}

LayerMaker read_linear(SpecReader& reader) {
  const Inferred in_features(reader, "in_features");
  const int out_features = reader.count("out_features");
  const Linear::Options options{.bias = reader.flag("bias", true)};
  return [=](const FeatureShape& in) {
    in_features.check(in.numel());
    return std::make_unique<Linear>(static_cast<int>(in.numel()), out_features, options);
  };
}

LayerMaker read_batch_norm2d(SpecReader& reader) {
  const Inferred num_features(reader, "num_features");
  const BatchNorm2d::Options defaults;
  const BatchNorm2d::Options options{.eps = reader.number("eps", defaults.eps),
                                     .momentum = reader.number("momentum", defaults.momentum)};
  return [=](const FeatureShape& in) {
    num_features.check(in.c);
    return std::make_unique<BatchNorm2d>(in.c, options);
  };
}

LayerMaker read_max_pool2d(SpecReader& reader) {
  const Pair kernel_size = reader.pair("kernel_size", 1);
  const MaxPool2d::Options options{.kernel_size = kernel_size,
                                   .stride = reader.pair("stride", 1, kernel_size),
                                   .padding = reader.pair("padding", 0, Pair(0)),
                                   .dilation = reader.pair("dilation", 1, Pair(1)),
                                   .ceil_mode = reader.flag("ceil_mode", false)};
  return [=](const FeatureShape&) { return std::make_unique<MaxPool2d>(options); };
}

LayerMaker read_avg_pool2d(SpecReader& reader) {
  const Pair kernel_size = reader.pair("kernel_size", 1);
  AvgPool2d::Options options{.kernel_size = kernel_size,
                             .stride = reader.pair("stride", 1, kernel_size),
                             .padding = reader.pair("padding", 0, Pair(0)),
                             .ceil_mode = reader.flag("ceil_mode", false),
                             .count_include_pad = reader.flag("count_include_pad", true)};
  const int divisor = reader.integer("divisor_override", 1, 0);
  if (divisor != 0) options.divisor_override = divisor;
  return [=](const FeatureShape&) { return std::make_unique<AvgPool2d>(options); };
}

LayerMaker read_adaptive_avg_pool2d(SpecReader& reader) {
  const Pair output_size = reader.pair("output_size", 1);
  return [=](const FeatureShape&) { return std::make_unique<AdaptiveAvgPool2d>(output_size); };
}

LayerMaker read_dropout(SpecReader& reader) {
  const float p = reader.number("p", 0.5f);
  return [=](const FeatureShape&) { return std::make_unique<Dropout>(p); };
}

LayerMaker read_leaky_relu(SpecReader& reader) {
  const float negative_slope = reader.number("negative_slope", 0.01f);
  return [=](const FeatureShape&) { return std::make_unique<LeakyReLU>(negative_slope); };
}

std::vector<LayerKind> plain_kinds() {
  return {
      {"conv2d", "",
       "convolution; needs out_channels and kernel_size; average: K begins as a K x K mean",
       read_conv2d},
      {"conv_transpose2d", "", "convolution that undoes a stride; arguments as conv2d",
       read_conv_transpose2d},
      {"linear", "out_features", "fully connected; out_features may be num_classes", read_linear},
      {"relu", "", "max(x, 0)", read_plain<ReLU>},
      {"leaky_relu", "negative_slope", "x, or negative_slope * x below 0", read_leaky_relu},
      {"gelu", "", "x * Phi(x)", read_plain<GELU>},
      {"silu", "", "x * sigmoid(x)", read_plain<SiLU>},
      {"tanh", "", "hyperbolic tangent", read_plain<Tanh>},
      {"sigmoid", "", "1 / (1 + e^-x)", read_plain<Sigmoid>},
      {"batch_norm2d", "", "batch normalisation per channel", read_batch_norm2d},
      {"dropout", "p", "zeroes elements with probability p in training", read_dropout},
      {"flatten", "", "from a map to flat features", read_plain<Flatten>},
      {"max_pool2d", "kernel_size", "max pooling; stride defaults to kernel_size", read_max_pool2d},
      {"avg_pool2d", "kernel_size", "average pooling", read_avg_pool2d},
      {"adaptive_avg_pool2d", "output_size", "average pooling to a fixed size; 1 is global",
       read_adaptive_avg_pool2d},
      {"adaptive_max_pool2d", "output_size", "max pooling to a fixed size; 1 is global",
       read_adaptive_max_pool2d},
      {"fractional_max_pool2d", "kernel_size",
       "max pooling by a fraction, in random windows; needs output_size or output_ratio",
       read_fractional_max_pool2d},
      {"max_unpool2d", "of", "undoes the max_pool2d of that name", read_max_unpool2d},
      {"spatial_pyramid_pool2d", "levels", "maxima of l x l cells for each level, as flat features",
       read_spatial_pyramid_pool2d},
      {"pixel_unshuffle", "downscale_factor", "squares of pixels become channels",
       read_pixel_unshuffle},
      {"pixel_shuffle", "upscale_factor", "channels become squares of pixels", read_pixel_shuffle},
      {"reflection_pad2d", "padding", "mirrors the map behind its edges", read_reflection_pad2d},
  };
}

}  // namespace

const std::vector<LayerKind>& layer_kinds() {
  static const std::vector<LayerKind> kinds = [] {
    std::vector<LayerKind> list = plain_kinds();
    list.insert(list.end(), pool_kinds().begin(), pool_kinds().end());
    return list;
  }();
  return kinds;
}

LayerPtr make_layer(const LayerSpec& spec, const FeatureShape& in) {
  const LayerKind* kind = find_layer_kind(spec.kind);
  require(kind != nullptr, "unknown layer '{}'", spec.kind);
  std::vector<std::string> errors;
  SpecReader reader(spec, std::string(kind->bare), spec.kind, 0, errors);
  const LayerMaker maker = kind->read(reader);
  reader.finish();
  if (!errors.empty()) throw Error(ErrorKind::kUsage, join(errors, "\n"));
  try {
    return maker(in);
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: {}", spec.kind, error.what()));
  }
}

const LayerKind* find_layer_kind(std::string_view name) {
  for (const LayerKind& kind : layer_kinds()) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

std::vector<std::string> layer_kind_names() {
  std::vector<std::string> names;
  for (const LayerKind& kind : layer_kinds()) names.emplace_back(kind.name);
  return names;
}

}  // namespace weir
